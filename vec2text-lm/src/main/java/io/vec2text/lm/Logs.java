package io.vec2text.lm;

/** Sums of what is given by its logarithms. */
final class Logs {
  private Logs() {}

  /** ln Σ exp(x_i), without overflow; -∞ of nothing. */
  static double sumExp(double[] x) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : x) {
      max = Math.max(max, value);
    }
    if (max == Double.NEGATIVE_INFINITY) {
      return max;
    }
    double sum = 0;
    for (double value : x) {
      sum += Math.exp(value - max);
    }
    return max + Math.log(sum);
  }
}
