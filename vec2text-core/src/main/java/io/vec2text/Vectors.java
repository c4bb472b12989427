package io.vec2text;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.internal.Dot;
import org.jspecify.annotations.Nullable;

/** Arithmetic on embedding vectors. Sums are taken in double precision. */
public final class Vectors {
  private Vectors() {}

  /** The inner product of two vectors of equal dimension. */
  public static double dot(float[] a, float[] b) {
    checkArgument(a.length == b.length, "vectors have dimensions %s and %s", a.length, b.length);
    return Dot.of(a, b);
  }

  /** The Euclidean length. */
  public static double norm(float[] a) {
    return Math.sqrt(dot(a, a));
  }

  /** The cosine of the angle between two non-zero vectors, in [-1, 1]; 0 if one of them is zero. */
  public static double cosine(float[] a, float[] b) {
    double n = norm(a) * norm(b);
    return n == 0 ? 0 : Math.max(-1, Math.min(1, dot(a, b) / n));
  }

  /** {@code a + b}. */
  public static float[] add(float[] a, float[] b) {
    checkArgument(a.length == b.length, "vectors have dimensions %s and %s", a.length, b.length);
    float[] c = new float[a.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = a[i] + b[i];
    }
    return c;
  }

  /** {@code a - b}. */
  public static float[] subtract(float[] a, float[] b) {
    checkArgument(a.length == b.length, "vectors have dimensions %s and %s", a.length, b.length);
    float[] c = new float[a.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = a[i] - b[i];
    }
    return c;
  }

  /** A copy of {@code a} of length 1. */
  public static float[] unit(float[] a) {
    double n = norm(a);
    float[] c = new float[a.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = (float) (a[i] / n);
    }
    return c;
  }

  /**
   * Checks that a vector can be inverted in a space: that there is one, its dimension, and that it
   * is finite and not zero.
   *
   * @return the same vector
   * @throws IllegalArgumentException naming what was found and what was expected
   */
  public static float[] check(float @Nullable [] vector, EmbeddingSpace space) {
    checkArgument(
        vector != null,
        "the vector is null, expected the %s components of %s",
        space.dimension(),
        space.modelId());
    checkArgument(
        vector.length == space.dimension(),
        "vector has dimension %s, but %s has dimension %s",
        vector.length,
        space.modelId(),
        space.dimension());
    boolean zero = true;
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        throw new IllegalArgumentException(
            "component " + i + " of the vector is " + vector[i] + ", expected finite numbers");
      }
      zero &= vector[i] == 0;
    }
    checkArgument(!zero, "the vector is zero, expected one with a direction");
    return vector;
  }
}
