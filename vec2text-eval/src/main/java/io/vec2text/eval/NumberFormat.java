package io.vec2text.eval;

import java.util.Locale;

/** What is left of a vector in a number format. */
public enum NumberFormat implements Storage {
  /** Single precision: all of it. */
  FLOAT32 {
    @Override
    float keep(float x, float step) {
      return x;
    }
  },
  /** IEEE half precision: 11 significant bits. */
  FLOAT16 {
    @Override
    float keep(float x, float step) {
      float least = Math.max(0x1p-24f, Math.scalb(Math.ulp(x), 13));
      return (float) Math.rint(x / least) * least;
    }
  },
  /** The upper half of single precision: 8 significant bits. */
  BFLOAT16 {
    @Override
    float keep(float x, float step) {
      float least = Math.scalb(Math.ulp(x), 16);
      return (float) Math.rint(x / least) * least;
    }
  },
  /** Scalar quantisation: 255 levels between plus and minus the vector's largest component. */
  INT8 {
    @Override
    float keep(float x, float step) {
      return (float) Math.rint(x / step) * step;
    }
  };

  /** A component as it is read from the store; {@code step} is a 127th of the largest one. */
  abstract float keep(float x, float step);

  @Override
  public float[] keep(float[] vector) {
    float largest = 0;
    for (float x : vector) {
      largest = Math.max(largest, Math.abs(x));
    }
    float[] kept = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      kept[i] = keep(vector[i], largest / 127);
    }
    return kept;
  }

  /** The name in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
