package io.vec2text.eval.internal.runner;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.Embedder;
import io.vec2text.eval.Bleu;
import io.vec2text.eval.CorpusMetric;
import io.vec2text.eval.Difference;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.Overlap;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * By how much one inverter is ahead of another on the same texts.
 *
 * @param inverter the name of the one in question
 * @param baseline the name of the one that it is compared with
 * @param exact difference of the shares recovered exactly, up to the embedder's normal form
 * @param tokenF1 difference of the means of {@link Overlap#f1}
 * @param bleu difference of {@link Bleu#corpus} of the normal forms
 * @param cosine difference of the mean cosines
 */
public record Comparison(
    String inverter,
    String baseline,
    Difference exact,
    Difference tokenF1,
    Difference bleu,
    Difference cosine) {

  /**
   * Compares two evaluations.
   *
   * @param embedder the embedder that they were made with
   * @param seed seed of the resampling
   * @throws IllegalArgumentException if they are not of the same texts, or of none
   */
  public static Comparison of(
      Evaluation evaluation, Evaluation baseline, Embedder embedder, long seed) {
    List<String> targets = targets(evaluation);
    checkArgument(
        targets.equals(targets(baseline)),
        "the evaluations of %s and %s are not of the same texts",
        evaluation.provenance().inverter(),
        baseline.provenance().inverter());
    return new Comparison(
        evaluation.provenance().inverter(),
        baseline.provenance().inverter(),
        difference(evaluation, baseline, seed, i -> i.exact() ? 1 : 0),
        difference(evaluation, baseline, seed, i -> i.overlap().f1()),
        CorpusMetric.BLEU.difference(
            recovered(evaluation, embedder),
            recovered(baseline, embedder),
            targets.stream().map(embedder::normalize).toList(),
            seed),
        difference(evaluation, baseline, seed, Evaluation.Item::cosine));
  }

  private static Difference difference(
      Evaluation evaluation,
      Evaluation baseline,
      long seed,
      ToDoubleFunction<Evaluation.Item> score) {
    return Difference.ofMeans(
        evaluation.items().stream().mapToDouble(score).toArray(),
        baseline.items().stream().mapToDouble(score).toArray(),
        seed);
  }

  private static List<String> targets(Evaluation evaluation) {
    return evaluation.items().stream().map(Evaluation.Item::target).toList();
  }

  private static List<String> recovered(Evaluation evaluation, Embedder embedder) {
    return evaluation.items().stream().map(i -> embedder.normalize(i.recovered())).toList();
  }
}
