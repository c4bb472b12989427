package io.vec2text.search;

/**
 * Lets a costly source of candidates rest after each time that it brought nothing better: for one
 * expansion, then for twice as many each time. What it costs goes to the sources that pay.
 */
final class Rest {
  private static final int LONGEST = 8;

  private int length;
  private int left;

  /** Whether the source is to be asked in this expansion; to be called once in each. */
  boolean over() {
    return left-- <= 0;
  }

  /** Takes in what came of asking the source. */
  void asked(boolean better) {
    length = better ? 0 : Math.min(LONGEST, Math.max(1, 2 * length));
    left = length;
  }
}
