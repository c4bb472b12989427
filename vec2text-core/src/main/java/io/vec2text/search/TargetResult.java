package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.vec2text.Evidence;
import io.vec2text.InversionResult;
import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.StopReason;
import io.vec2text.StoredPrecision;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to be reported of one target: its evidence, its trace and, in the end, its result. */
final class TargetResult {
  private static final int ALTERNATIVES = 10;
  private static final int SHOWN_WORDS = 32;

  private final Examined examined;
  private final StoredPrecision stored;
  private final boolean traced;
  private final List<Evidence> evidence;
  private final List<InversionResult.Round> trace = new ArrayList<>(0);
  private @Nullable PredictedWords predictedWords;
  private @Nullable PredictedWords foundWords;

  TargetResult(Examined examined, StoredPrecision stored, boolean traced) {
    this.examined = examined;
    this.stored = stored;
    this.traced = traced;
    evidence = new ArrayList<>(examined.evidence());
  }

  /** Adds what else was seen. */
  void add(Evidence seen) {
    evidence.add(seen);
  }

  /** Takes in the predicted words; those of another model's vector mean nothing. */
  void predictedWords(PredictedWords predicted) {
    predictedWords = examined.foreign() ? null : predicted;
  }

  /** The predicted words of a text that is probably too long to be written; null for another. */
  @Nullable PredictedWords wordsBeyondRange() {
    return predictedWords != null && predictedWords.exceedsSupportedLength()
        ? predictedWords
        : null;
  }

  /** About how many tokens a text has that is probably too long to be written; 0 for another. */
  int tokensBeyondRange() {
    PredictedWords beyond = wordsBeyondRange();
    return beyond == null ? 0 : beyond.tokens();
  }

  /** Takes in what the search tells of the words of a text that is too long. */
  void foundWords(PredictedWords found) {
    foundWords = found;
  }

  /** Whether the text is probably too long to be found, given the best cosine so far. */
  boolean tooLong(double bestCosine) {
    return wordsBeyondRange() != null
        && Verdict.corrected(bestCosine, examined.unrelated()) < Verdict.CLOSE_COSINE;
  }

  /** The verdict on a cosine. */
  Verdict verdict(double cosine) {
    Verdict verdict = Verdict.of(cosine, examined.unrelated(), stored, examined.components());
    return verdict == Verdict.EXACT && !examined.form().decides(examined.components())
        ? Verdict.CLOSE
        : verdict;
  }

  /** Adds a round to the trace, if there is to be one. */
  void endRound(@Nullable EvaluatedText best, Budget budget) {
    if (traced && best != null) {
      trace.add(
          new InversionResult.Round(
              budget.embeddings(),
              Duration.ofNanos(budget.workNanos()),
              best.text(),
              best.cosine()));
    }
  }

  /**
   * The result.
   *
   * @param ranking the answer and its alternatives, best first; empty for the closest of the pool
   * @param pool all that was embedded
   */
  InversionResult of(
      List<EvaluatedText> ranking, CandidatePool pool, Budget budget, StopReason stop) {
    List<EvaluatedText> answers =
        ranking.isEmpty()
            ? pool.best(ALTERNATIVES)
            : ranking.subList(0, Math.min(ALTERNATIVES, ranking.size()));
    EvaluatedText best = answers.isEmpty() ? null : answers.get(0);
    double cosine = best == null ? 0 : best.cosine();
    Verdict verdict = verdict(cosine);
    return InversionResult.builder()
        .text(best == null ? "" : best.text())
        .cosine(cosine)
        .verdict(verdict)
        .alternatives(
            Lists.transform(answers, a -> new InversionResult.Alternative(a.text(), a.cosine())))
        .words(
            examined.foreign() ? ImmutableList.of() : WordConfidence.of(best, pool, predictedWords))
        .predictedWords(shown(verdict == Verdict.EXACT))
        .vectorNorm(Vectors.norm(examined.vector()))
        .stored(stored)
        .cost(budget.cost())
        .stop(stop)
        .trace(trace)
        .evidence(ImmutableList.sortedCopyOf(Comparator.comparing(Evidence::kind), evidence))
        .build();
  }

  /** The most probable of the words; a text that was found is not too long. */
  private @Nullable PredictedWords shown(boolean found) {
    PredictedWords words = found || foundWords == null ? predictedWords : foundWords;
    return words == null
        ? null
        : new PredictedWords(
            words.words().stream().limit(SHOWN_WORDS).toList(),
            words.tokens(),
            !found && words.exceedsSupportedLength());
  }
}
