package io.vec2text.search;

import java.util.Comparator;

/**
 * A text that may be proposed.
 *
 * @param tokens its tokens, at least one
 * @param sums its {@linkplain Surrogate#sums sums}
 * @param score how promising it is
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ScoredText(int[] tokens, float[] sums, double score) {
  static final Comparator<ScoredText> BEST_FIRST = Comparator.comparingDouble(d -> -d.score);
}
