package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import io.vec2text.Vectors;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/** The inner products of effects on one hypothesis, from which sums of effects are judged. */
final class EffectSums {
  /** Bounds of the scale; see {@link EditSets}. */
  private static final double MIN_SCALE = 0.8;

  private static final double MAX_SCALE = 1;

  private final List<Effect> effects;
  private final double[] progress;
  private final double[][] products;
  private final double missing;

  /** Takes the {@code limit} effects that lead most towards the target. */
  EffectSums(Paid parent, float[] target, int limit) {
    record Ranked(Effect effect, double progress) {}
    float[] gap = Vectors.subtract(target, parent.vector());
    missing = Vectors.dot(gap, gap);
    List<Ranked> ranked = new ArrayList<>();
    for (Effect e : parent.effects()) {
      ranked.add(new Ranked(e, Vectors.dot(e.delta(), gap)));
    }
    ranked.sort(Comparator.comparingDouble(r -> -r.progress()));
    ranked = ranked.subList(0, Math.min(limit, ranked.size()));
    effects = ranked.stream().map(Ranked::effect).toList();
    progress = ranked.stream().mapToDouble(Ranked::progress).toArray();
    products = new double[progress.length][progress.length];
    for (int i = 0; i < progress.length; i++) {
      for (int j = 0; j <= i; j++) {
        products[i][j] = Vectors.dot(effects.get(i).delta(), effects.get(j).delta());
        products[j][i] = products[i][j];
      }
    }
  }

  int size() {
    return effects.size();
  }

  Effect effect(int i) {
    return effects.get(i);
  }

  EffectSet single(int i) {
    BitSet members = new BitSet();
    members.set(i);
    return new EffectSet(
        members,
        effect(i).changes(),
        effect(i).touched(),
        progress[i],
        products[i][i],
        residual(progress[i], products[i][i]));
  }

  /** The residual of a set and an effect that it does not hold. */
  double residualWith(EffectSet set, int i) {
    return residual(set.progress() + progress[i], squareWith(set, i));
  }

  /** A set and an effect that touches none of its places. */
  EffectSet with(EffectSet set, int i) {
    BitSet members = (BitSet) set.members().clone();
    members.set(i);
    BitSet touched = (BitSet) set.touched().clone();
    touched.or(effect(i).touched());
    return new EffectSet(
        members,
        ImmutableList.<Change>builder().addAll(set.changes()).addAll(effect(i).changes()).build(),
        touched,
        set.progress() + progress[i],
        squareWith(set, i),
        residualWith(set, i));
  }

  private double squareWith(EffectSet set, int i) {
    double cross = 0;
    for (int j = set.members().nextSetBit(0); j >= 0; j = set.members().nextSetBit(j + 1)) {
      cross += products[i][j];
    }
    return set.square() + 2 * cross + products[i][i];
  }

  private double residual(double progress, double square) {
    double scale = square == 0 ? 1 : Math.max(MIN_SCALE, Math.min(MAX_SCALE, progress / square));
    return missing - 2 * scale * progress + scale * scale * square;
  }
}
