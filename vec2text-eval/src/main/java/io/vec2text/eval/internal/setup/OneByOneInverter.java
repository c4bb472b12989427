package io.vec2text.eval.internal.setup;

import static java.util.Objects.requireNonNull;

import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.internal.CloseGuard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An inverter that answers each vector by itself with one text, without any search. */
public abstract class OneByOneInverter implements Inverter {
  private final EmbeddingSpace space;
  private final CloseGuard gate;

  /** An inverter of a space. */
  protected OneByOneInverter(EmbeddingSpace space) {
    this.space = requireNonNull(space, "space");
    gate = new CloseGuard(getClass().getSimpleName());
  }

  /**
   * An answer.
   *
   * @param text the text
   * @param cosine cosine of its vector with the target
   * @param embeddings texts embedded to find it
   * @param decodes texts that a model wrote to find it
   */
  public record Found(String text, double cosine, int embeddings, int decodes) {
    @Override
    public String toString() {
      return "Found[cosine=" + cosine + "]";
    }
  }

  /** Answers one vector: of unit length in a normalised space, elsewhere as it was given. */
  protected abstract Found find(float[] target, InversionOptions options);

  @Override
  public final EmbeddingSpace space() {
    return space;
  }

  @Override
  public final List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
    return gate.pass(
        () -> {
          List<Outcome> outcomes = new ArrayList<>();
          for (float[] vector : vectors) {
            Outcome outcome = invertOne(vector, options);
            options.listener().finished(outcomes.size(), outcome);
            outcomes.add(outcome);
          }
          return outcomes;
        });
  }

  private Outcome invertOne(float[] vector, InversionOptions options) {
    long start = System.nanoTime();
    try {
      Vectors.check(vector, space);
      double norm = Vectors.norm(vector);
      if (options.cancellation().requested()) {
        return Outcome.of(
            result(new Found("", 0, 0, 0), List.of(), norm, start, StopReason.CANCELLED));
      }
      Found found = find(space.normalized() ? Vectors.unit(vector) : vector.clone(), options);
      StopReason stop =
          Verdict.of(found.cosine) == Verdict.EXACT ? StopReason.EXACT : StopReason.STALLED;
      return Outcome.of(
          result(
              found,
              List.of(new InversionResult.Alternative(found.text, found.cosine)),
              norm,
              start,
              stop));
    } catch (RuntimeException e) {
      return Outcome.failed(e);
    }
  }

  private static InversionResult result(
      Found found,
      List<InversionResult.Alternative> alternatives,
      double norm,
      long start,
      StopReason stop) {
    return InversionResult.builder()
        .text(found.text)
        .cosine(found.cosine)
        .verdict(Verdict.of(found.cosine))
        .alternatives(alternatives)
        .vectorNorm(norm)
        .cost(
            new InversionResult.Cost(
                found.embeddings, found.decodes, Duration.ofNanos(System.nanoTime() - start)))
        .stop(stop)
        .build();
  }

  @Override
  public final void close() {
    gate.close(() -> {});
  }
}
