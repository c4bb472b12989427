package io.vec2text.eval;

import com.google.common.math.Quantiles;
import java.util.Arrays;

/**
 * Values in short.
 *
 * @param mean their mean
 * @param median the middle value, or the mean of the middle two
 * @param interval the mean's 95 % interval by {@link Interval#ofMean}
 */
public record Summary(double mean, double median, Interval interval) {

  /**
   * The summary of values.
   *
   * @param values at least one
   * @param seed seed of the bootstrap
   */
  public static Summary of(double[] values, long seed) {
    Interval interval = Interval.ofMean(values, seed);
    return new Summary(
        Arrays.stream(values).average().orElseThrow(),
        Quantiles.median().compute(values),
        interval);
  }
}
