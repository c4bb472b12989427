package io.vec2text.search;

import com.carrotsearch.hppc.LongObjectHashMap;
import com.carrotsearch.hppc.procedures.LongProcedure;
import io.vec2text.Vectors;
import io.vec2text.spi.TokenContributions;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one occurrence of each {@linkplain TextFeatures feature} of a text adds to {@code length *
 * v(text)}, as an array of K + 2 numbers for K axes:
 *
 * <ul>
 *   <li>[0, K): along each axis of a {@link RandomProjection};
 *   <li>[{@link #variance()}]: posterior variance of that, as a part of the prior's, in [0, 1];
 *   <li>[{@link #residual()}]: to the square of the part of the vector outside the axes.
 * </ul>
 *
 * <p>A feature of which nothing is known has the prior: for a token its {@link TokenContributions},
 * otherwise zeros; variance 1. The priors of tokens are made when they are first asked for and
 * kept; for that reason it is not safe for use by several threads.
 */
final class FeatureEffects {
  /**
   * Part of a token's squared contribution outside the axes that a text's squared vector is
   * expected to gain from it. Without it a new word would seem to bring a text closer than it can.
   */
  private static final float RESIDUAL_SHARE = 0.02f;

  private final LongObjectHashMap<float[]> effects = new LongObjectHashMap<>();
  private final RandomProjection projection;
  private final @Nullable TokenContributions contributions;
  private final float[] prior;

  FeatureEffects(RandomProjection projection, @Nullable TokenContributions contributions) {
    this.projection = projection;
    this.contributions = contributions;
    prior = new float[projection.count() + 2];
    prior[variance()] = 1;
  }

  /** Index of the posterior variance, and number of the axes. */
  int variance() {
    return projection.count();
  }

  /** Index of what is added outside the axes. */
  int residual() {
    return projection.count() + 1;
  }

  /** Numbers of an effect. */
  int size() {
    return prior.length;
  }

  /** The effect of a feature; not to be changed. */
  float[] of(long key) {
    if (TextFeatures.isToken(key)) {
      return learned(key);
    }
    return effects.getOrDefault(key, prior);
  }

  /** Whether nothing was learned of a feature. */
  boolean isUnseen(long key) {
    float[] effect = effects.get(key);
    return effect == null || effect[variance()] == 1;
  }

  /** The effect of a feature, to be changed by what is learned of it. */
  float[] learned(long key) {
    float[] effect = effects.get(key);
    if (effect == null) {
      if (TextFeatures.isToken(key)) {
        addTokens(new int[] {(int) key});
        return effects.get(key);
      }
      effect = prior.clone();
      effects.put(key, effect);
    }
    return effect;
  }

  /** Makes the priors of tokens, all at once. */
  void addTokens(int[] tokens) {
    int[] added = Arrays.stream(tokens).distinct().filter(t -> !effects.containsKey(t)).toArray();
    for (int token : added) {
      effects.put(token, prior.clone());
    }
    if (contributions != null) {
      List<float[]> vectors = Arrays.stream(added).mapToObj(contributions::of).toList();
      float[][] products = projection.project(vectors);
      for (int i = 0; i < added.length; i++) {
        float[] effect = effects.get(added[i]);
        double rest = Vectors.dot(vectors.get(i), vectors.get(i));
        for (int k = 0; k < variance(); k++) {
          effect[k] = products[k][i];
          rest -= k > RandomProjection.ORIGIN ? effect[k] * effect[k] : 0;
        }
        effect[residual()] = RESIDUAL_SHARE * (float) Math.max(0, rest);
      }
    }
  }

  /** The keys of all features that have an effect of their own. */
  void eachKey(LongProcedure action) {
    effects.keys().forEach(action);
  }

  /** The sum of the effects of all occurrences of features in a text. */
  float[] sum(int[] tokens) {
    float[] sum = new float[size()];
    TextFeatures.each(tokens, (key, weight) -> add(sum, weight, of(key)));
    return sum;
  }

  /** {@code sum += occurrences * effect}, for an effect of one of the features. */
  void add(float[] sum, float occurrences, float[] effect) {
    if (effect == prior) {
      sum[variance()] += occurrences;
    } else {
      Surrogate.add(sum, occurrences, effect);
    }
  }

  /** The mean of the effects of a text's tokens, without those of its other features. */
  float[] meanOfTokens(int[] tokens) {
    float[] mean = new float[size()];
    for (int token : tokens) {
      add(mean, 1f / tokens.length, of(token));
    }
    return mean;
  }
}
