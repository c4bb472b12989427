package io.vec2text.search;

/**
 * Lets a costly source of candidates rest after each time that it brought nothing better: for one
 * expansion, then for twice as many each time. What it costs goes to the sources that pay.
 */
final class Rest {
  private static final int LONGEST = 8;

  private int length;
  private int left;
  private boolean asked;

  /** Whether the source is to be asked in this expansion; to be called once in each. */
  boolean over() {
    asked = left-- <= 0;
    return asked;
  }

  /** Takes in what came of asking the source, if it was asked since. */
  void settle(boolean better) {
    if (asked) {
      length = better ? 0 : Math.min(LONGEST, Math.max(1, 2 * length));
      left = length;
      asked = false;
    }
  }
}
