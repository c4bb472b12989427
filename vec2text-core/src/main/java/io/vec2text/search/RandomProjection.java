package io.vec2text.search;

import io.vec2text.Vectors;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The axes on which a {@link Surrogate} predicts: the target, the origin's vector, and an
 * orthonormal basis of a random sketch of the training texts' steps from the origin, which spans
 * their main directions (the randomized range finder of Halko, Martinsson and Tropp 2011, algorithm
 * 4.1, with random signs for its test matrix).
 */
final class RandomProjection {
  /** Index of the target among the axes. */
  static final int TARGET = 0;

  /** Index of the origin's vector. */
  static final int ORIGIN = 1;

  private final float[][] axes;

  /**
   * Finds the axes. The signs are those of seed 0: equal steps give equal axes.
   *
   * @param steps differences of training texts' vectors from the origin's
   * @param target unit vector to approach
   * @param origin the origin's vector, of unit length
   * @param rank axes of the sketch at most
   */
  RandomProjection(List<float[]> steps, float[] target, float[] origin, int rank) {
    axes = new float[2 + Math.min(rank, steps.size())][target.length];
    axes[TARGET] = target;
    axes[ORIGIN] = origin;
    SplittableRandom random = new SplittableRandom(0);
    for (int k = 2; k < axes.length; k++) {
      for (float[] step : steps) {
        Surrogate.add(axes[k], random.nextBoolean() ? 1 : -1, step);
      }
      orthogonalize(k);
    }
  }

  private void orthogonalize(int k) {
    // The second pass of Gram-Schmidt removes what rounding left of the first.
    for (int pass = 0; pass < 2; pass++) {
      for (int l = 2; l < k; l++) {
        Surrogate.add(axes[k], (float) -Vectors.dot(axes[k], axes[l]), axes[l]);
      }
      if (Vectors.norm(axes[k]) > 0) {
        axes[k] = Vectors.unit(axes[k]);
      }
    }
  }

  /** The number of axes, at least 2. */
  int count() {
    return axes.length;
  }

  /**
   * The inner products of vectors with the axes.
   *
   * @return by axis, then by vector
   */
  float[][] project(List<float[]> vectors) {
    // A component of all vectors side by side: that makes long loops, which run on vector units.
    float[][] components = new float[axes[0].length][vectors.size()];
    for (int i = 0; i < vectors.size(); i++) {
      float[] vector = vectors.get(i);
      for (int d = 0; d < vector.length; d++) {
        components[d][i] = vector[d];
      }
    }
    float[][] products = new float[axes.length][vectors.size()];
    for (int k = 0; k < axes.length; k++) {
      for (int d = 0; d < components.length; d++) {
        Surrogate.add(products[k], axes[k][d], components[d]);
      }
    }
    return products;
  }
}
