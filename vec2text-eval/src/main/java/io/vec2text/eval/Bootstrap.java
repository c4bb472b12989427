package io.vec2text.eval;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Resampling with replacement (Efron 1979). */
final class Bootstrap {
  static final int RESAMPLES = 2000;

  private Bootstrap() {}

  /** The indices of a sample itself. */
  static int[] all(int n) {
    return IntStream.range(0, n).toArray();
  }

  /**
   * What a statistic is on each of 2,000 resamples.
   *
   * @param n size of the sample, at least 1
   * @param seed the same seed draws the same resamples
   * @param statistic of the items of the sample with the given indices; must not keep them
   */
  static double[] resample(int n, long seed, ToDoubleFunction<int[]> statistic) {
    Random random = new Random(seed);
    double[] values = new double[RESAMPLES];
    int[] drawn = new int[n];
    Arrays.setAll(
        values,
        i -> {
          Arrays.setAll(drawn, j -> random.nextInt(n));
          return statistic.applyAsDouble(drawn);
        });
    return values;
  }

  static double mean(double[] values, int[] drawn) {
    double sum = 0;
    for (int i : drawn) {
      sum += values[i];
    }
    return sum / drawn.length;
  }
}
