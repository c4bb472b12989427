package io.vec2text.internal;

/**
 * Inner products. Each takes four sums, so that none waits for the one before, and adds them up in
 * the same order always: results are the same to the last bit.
 */
public final class Dot {
  private Dot() {}

  /** Of two vectors of equal dimension, in double precision. */
  public static double of(float[] a, float[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < a.length; i += 4) {
      s0 += (double) a[i] * b[i];
      s1 += (double) a[i + 1] * b[i + 1];
      s2 += (double) a[i + 2] * b[i + 2];
      s3 += (double) a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      s0 += (double) a[i] * b[i];
    }
    return s0 + s1 + (s2 + s3);
  }

  /** Of a row of a matrix, which begins at an offset, and a vector, in single precision. */
  public static float ofRow(float[] matrix, int offset, float[] v) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i + 3 < v.length; i += 4) {
      s0 += matrix[offset + i] * v[i];
      s1 += matrix[offset + i + 1] * v[i + 1];
      s2 += matrix[offset + i + 2] * v[i + 2];
      s3 += matrix[offset + i + 3] * v[i + 3];
    }
    for (; i < v.length; i++) {
      s0 += matrix[offset + i] * v[i];
    }
    return s0 + s1 + (s2 + s3);
  }

  /** The same of some components of a row of bytes. */
  public static float ofRow(byte[] matrix, int offset, float[] v, int[] components) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i + 3 < components.length; i += 4) {
      s0 += matrix[offset + components[i]] * v[components[i]];
      s1 += matrix[offset + components[i + 1]] * v[components[i + 1]];
      s2 += matrix[offset + components[i + 2]] * v[components[i + 2]];
      s3 += matrix[offset + components[i + 3]] * v[components[i + 3]];
    }
    for (; i < components.length; i++) {
      s0 += matrix[offset + components[i]] * v[components[i]];
    }
    return s0 + s1 + (s2 + s3);
  }
}
