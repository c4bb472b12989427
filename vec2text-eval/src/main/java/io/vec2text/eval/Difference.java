package io.vec2text.eval;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * By how much one system is ahead of another on the same texts, by a paired bootstrap: every one of
 * 2,000 resamples of the texts is drawn for both systems alike.
 *
 * <p>The p-value is that of the shift method (Noreen 1989), two-sided: the share of resamples whose
 * difference is at least as far from the observed one as that is from zero, with one added to both
 * counts. (sacrebleu's paired bootstrap takes absolute values before it subtracts their mean, and
 * calls a difference of zero significant.)
 *
 * @param value the system's score less the baseline's
 * @param interval the 95 % percentile interval of the difference
 * @param pValue probability of a difference as large if there were none, in (0, 1]
 */
public record Difference(double value, Interval interval, double pValue) {

  /**
   * The difference of two means, for scores of single texts.
   *
   * @param system the system's scores, at least one
   * @param baseline the baseline's scores of the same texts, in the same order
   * @param seed seed of the resampling; the same scores and seed give the same difference
   * @throws IllegalArgumentException if there are no scores, or not as many of both
   */
  public static Difference ofMeans(double[] system, double[] baseline, long seed) {
    checkArgument(
        system.length == baseline.length,
        "%s scores of the system for %s of the baseline",
        system.length,
        baseline.length);
    checkArgument(system.length > 0, "scores must be at least 1, were 0");
    double[] differences = new double[system.length];
    Arrays.setAll(differences, i -> system[i] - baseline[i]);
    return of(differences.length, seed, drawn -> Bootstrap.mean(differences, drawn));
  }

  /** The difference that a function finds on a resample of n texts. */
  static Difference of(int n, long seed, ToDoubleFunction<int[]> difference) {
    double observed = difference.applyAsDouble(Bootstrap.all(n));
    double[] resampled = Bootstrap.resample(n, seed, difference);
    long beyond =
        Arrays.stream(resampled).filter(d -> Math.abs(d - observed) >= Math.abs(observed)).count();
    return new Difference(
        observed, Interval.ofResamples(resampled), (beyond + 1.0) / (resampled.length + 1));
  }
}
