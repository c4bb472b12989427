package io.vec2text.eval;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;

/**
 * A 95 % confidence interval.
 *
 * @param low lower end
 * @param high upper end
 */
public record Interval(double low, double high) {
  private static final double Z = 1.959963984540054;

  /**
   * The score interval of a proportion (Wilson 1927): the p for which {@code |k/n - p| <= z sqrt(p
   * (1 - p) / n)}. It stays inside [0, 1] and is sound for small n and for k = 0 or n.
   *
   * @param successes k, from 0 to {@code trials}
   * @param trials n, at least 1
   */
  public static Interval wilson(int successes, int trials) {
    checkArgument(trials > 0, "trials must be at least 1, were %s", trials);
    checkArgument(
        successes >= 0 && successes <= trials,
        "successes must be from 0 to %s, were %s",
        trials,
        successes);
    double n = trials;
    double p = successes / n;
    double z2 = Z * Z;
    double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    double half = Z * Math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);
    return new Interval(
        successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half);
  }

  /**
   * The percentile bootstrap interval of a mean (Efron 1979), from 2,000 resamples.
   *
   * @param values at least one
   * @param seed seed of the resampling; the same values and seed give the same interval
   */
  public static Interval ofMean(double[] values, long seed) {
    checkArgument(values.length > 0, "values must be at least 1, were %s", values.length);
    return ofResamples(
        Bootstrap.resample(values.length, seed, drawn -> Bootstrap.mean(values, drawn)));
  }

  /** What lies between the 50th smallest and the 50th largest of 2,000: 2.5 % on each side. */
  static Interval ofResamples(double[] statistics) {
    double[] sorted = statistics.clone();
    Arrays.sort(sorted);
    int outside = sorted.length / 40;
    return new Interval(sorted[outside - 1], sorted[sorted.length - outside]);
  }
}
