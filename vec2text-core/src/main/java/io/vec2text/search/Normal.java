package io.vec2text.search;

/** The standard normal distribution. */
final class Normal {
  private Normal() {}

  static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /**
   * The probability of a value below {@code x}, within 1e-7 (Abramowitz and Stegun 1964, 26.2.17).
   */
  static double below(double x) {
    double t = 1 / (1 + 0.2316419 * Math.abs(x));
    double tail =
        density(x)
            * t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return x < 0 ? tail : 1 - tail;
  }

  /** {@code log(below(x))}, also where that is tiny. */
  static double logBelow(double x) {
    return x < -6 ? Math.log(density(0) / -x) - x * x / 2 : Math.log(below(x));
  }

  /** {@code density(x) / below(x)}, also where both are tiny. */
  static double hazard(double x) {
    // Mills' ratio, to second order.
    return x < -6 ? -x - 1 / x : density(x) / below(x);
  }
}
