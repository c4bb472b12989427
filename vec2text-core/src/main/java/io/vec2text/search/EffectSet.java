package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import java.util.BitSet;
import java.util.Comparator;

/**
 * Effects on one hypothesis that touch different places.
 *
 * @param members which effects of {@link EffectSums}
 * @param changes their changes, to be made together
 * @param touched the places touched, see {@link Change#touched()}
 * @param progress product of the sum of the effects with what is missing
 * @param square squared length of the sum of the effects
 * @param residual squared length of what would still be missing
 */
record EffectSet(
    BitSet members,
    ImmutableList<Change> changes,
    BitSet touched,
    double progress,
    double square,
    double residual) {
  static final Comparator<EffectSet> PROMISING_FIRST =
      Comparator.comparingDouble(EffectSet::residual);

  /** Single changes in the set. */
  int size() {
    return changes.size();
  }
}
