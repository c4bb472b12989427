package io.vec2text.search;

import java.util.Comparator;

/**
 * A text that may be proposed.
 *
 * @param tokens its tokens, at least one
 * @param sums its {@linkplain Surrogate#sums sums}
 * @param promise how promising it is
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Draft(int[] tokens, float[] sums, double promise) {
  static final Comparator<Draft> PROMISING_FIRST = Comparator.comparingDouble(d -> -d.promise);
}
