package io.vec2text.eval;

import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers the n-th vector with the n-th answer; the answer "!" is an error, "?" a cancellation. */
public final class FixedInverter implements Inverter {
  private final EmbeddingSpace space;
  private final List<String> answers;
  private final Verdict verdict;
  private final Optional<InversionResult.PredictedWords> contents;
  private final List<float[]> seen = new ArrayList<>();
  private InversionOptions options = InversionOptions.defaults();
  private int next;

  public FixedInverter(EmbeddingSpace space, List<String> answers, Verdict verdict) {
    this(space, answers, verdict, Optional.empty());
  }

  public FixedInverter(
      EmbeddingSpace space,
      List<String> answers,
      Verdict verdict,
      Optional<InversionResult.PredictedWords> contents) {
    this.space = space;
    this.answers = List.copyOf(answers);
    this.verdict = verdict;
    this.contents = contents;
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
    List<Outcome> outcomes = new ArrayList<>();
    seen.addAll(vectors);
    this.options = options;
    for (int i = 0; i < vectors.size(); i++) {
      Outcome outcome = answer(answers.get(next++ % answers.size()));
      options.listener().finished(i, outcome);
      outcomes.add(outcome);
    }
    return outcomes;
  }

  /** The vectors that it was given so far. */
  public List<float[]> seen() {
    return seen;
  }

  /** The options that it was given last. */
  public InversionOptions options() {
    return options;
  }

  private Outcome answer(String text) {
    if (text.equals("!")) {
      return Outcome.failed(new IllegalStateException("no luck"));
    }
    return Outcome.of(
        InversionResult.builder()
            .text(text)
            .cosine(0.5)
            .verdict(verdict)
            .cost(new InversionResult.Cost(100, 3, Duration.ofMillis(250)))
            .stop(text.equals("?") ? StopReason.CANCELLED : StopReason.BUDGET)
            .predictedWords(contents.orElse(null))
            .build());
  }
}
