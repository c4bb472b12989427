package io.vec2text.eval;

import java.util.Arrays;

/**
 * A mean and how sure it is.
 *
 * @param value the mean
 * @param interval its 95 % interval by {@link Interval#ofMean}
 */
public record Mean(double value, Interval interval) {

  /**
   * The mean of values.
   *
   * @param values at least one
   * @param seed seed of the bootstrap
   */
  public static Mean of(double[] values, long seed) {
    Interval interval = Interval.ofMean(values, seed);
    return new Mean(Arrays.stream(values).average().orElseThrow(), interval);
  }

  /** The middle value, or the mean of the middle two. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
