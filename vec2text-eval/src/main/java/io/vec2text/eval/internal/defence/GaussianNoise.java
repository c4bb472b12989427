package io.vec2text.eval.internal.defence;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.eval.internal.setup.VectorMatrix;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.Random;

/** Gaussian noise on each component, drawn anew for each vector. */
final class GaussianNoise extends Defence {
  private final double deviation;

  /** Noise of a standard deviation, relative to a vector of length 1. */
  GaussianNoise(double deviation) {
    super("noise:" + deviation);
    checkArgument(
        deviation > 0 && Double.isFinite(deviation),
        "noise: the deviation must be above 0 and finite, was %s",
        deviation);
    this.deviation = deviation;
  }

  /** The noise has the length σ√d and is nearly orthogonal to the vector: 1 / √(1 + σ²d). */
  @Override
  public OptionalDouble expectedCosine(int dimension) {
    return OptionalDouble.of(1 / Math.sqrt(1 + deviation * deviation * dimension));
  }

  /** Nobody can draw the same noise again. */
  @Override
  boolean repeatable() {
    return false;
  }

  @Override
  Transform fit(VectorMatrix corpus, long key) {
    return vector -> {
      Random random = new Random(key * 31 + Arrays.hashCode(vector));
      float[] stored = vector.clone();
      for (int i = 0; i < stored.length; i++) {
        stored[i] += (float) (deviation * random.nextGaussian());
      }
      return stored;
    };
  }
}
