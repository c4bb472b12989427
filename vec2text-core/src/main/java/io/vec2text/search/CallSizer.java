package io.vec2text.search;

/**
 * Sizes calls of a model by measured time. A call can't be interrupted, so what more items add to
 * it must be short; but what a call costs however small it is, such as a round trip to a service,
 * is no reason for small ones. The time of a call of n items is modelled as {@code a + b n}, fitted
 * to the last calls with weights that halve from each call to the next, and the size is such that
 * {@code b n} is a fifth of a second. Safe for use by many threads.
 */
final class CallSizer {
  private static final double GOAL_NANOS = 0.2e9;
  private static final double FORGETTING = 0.5;

  /**
   * Variance of the sizes, relative to their squared mean, from which on the fit means something.
   */
  private static final double MIN_SPREAD = 1.0 / 36;

  private static final int MIN = 16;
  private static final int MAX = 256;

  private double calls;
  private double items;
  private double nanos;
  private double squares;
  private double products;

  /** The most items that the next call should have, from 16 to 256. */
  synchronized int size() {
    if (calls == 0) {
      return MIN;
    }
    double spread = calls * squares - items * items;
    if (spread < MIN_SPREAD * items * items) {
      // Calls of about one size say nothing of the two parts; a somewhat larger one will.
      return Math.max(MIN + MIN / 2, sizeFor(nanos / items));
    }
    return sizeFor((calls * products - items * nanos) / spread);
  }

  private static int sizeFor(double nanosPerItem) {
    return nanosPerItem <= 0 ? MAX : (int) Math.max(MIN, Math.min(MAX, GOAL_NANOS / nanosPerItem));
  }

  /** Takes in what a call took. */
  synchronized void measured(int itemsOfCall, long nanosOfCall) {
    calls = FORGETTING * calls + 1;
    items = FORGETTING * items + itemsOfCall;
    nanos = FORGETTING * nanos + nanosOfCall;
    squares = FORGETTING * squares + (double) itemsOfCall * itemsOfCall;
    products = FORGETTING * products + (double) itemsOfCall * nanosOfCall;
  }
}
