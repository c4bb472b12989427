package io.vec2text;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;

/**
 * The number format in which a store kept a vector, and the noise that it left.
 *
 * <p>Rounding moves a vector of length 1 by about {@code noise}, which lowers the cosine of even
 * the right text to about {@code 1 - noise²/2}. Rounding errors are nearly independent of each
 * other, so that this is known closely, and the right text can still be told from its neighbours.
 *
 * @param format the format
 * @param noise expected length of the error, relative to the vector's length; in [0, 1)
 */
public record StoredPrecision(Format format, double noise) {

  /** A number format. */
  public enum Format {
    /** Single precision: nothing was lost. */
    FLOAT32,
    /** IEEE half precision, 11 significant bits. */
    FLOAT16,
    /** The upper half of single precision, 8 significant bits. */
    BFLOAT16,
    /** At most 256 equidistant levels a vector (scalar quantisation). */
    INT8,
    /** Unknown; the noise was declared by the caller. */
    DECLARED
  }

  /** Checks the noise. */
  public StoredPrecision {
    checkArgument(noise >= 0 && noise < 1, "noise must be in [0, 1), was %s", noise);
  }

  /** Single precision. */
  public static final StoredPrecision FULL = new StoredPrecision(Format.FLOAT32, 0);

  /** With fewer different components than this, nothing can be detected. */
  private static final int MIN_VALUES = 32;

  private static final int LEVELS = 256;
  private static final double LEVEL_TOLERANCE = 0.02;
  private static final int FLOAT16_DROPPED = 13;
  private static final int BFLOAT16_DROPPED = 16;
  private static final double FLOAT16_LEAST = 0x1p-24;

  /** Of wrong neighbours at a distance of 0.0063, in units of four deviations at 384 dimensions. */
  private static final double MAX_NOISE = 0.0117;

  /**
   * Tells from a vector's components in which format they were stored. Vectors that were scaled
   * after they were read are still detected if they were of 8 bits; other formats then count as
   * {@link Format#FLOAT32}.
   *
   * @param vector finite numbers
   */
  public static StoredPrecision of(float[] vector) {
    float[] sorted = vector.clone();
    Arrays.sort(sorted);
    int values = 0;
    double step = Double.MAX_VALUE;
    for (int i = 1; i < sorted.length; i++) {
      double gap = (double) sorted[i] - sorted[i - 1];
      if (gap > 0) {
        values++;
        step = Math.min(step, gap);
      }
    }
    if (values < MIN_VALUES) {
      return FULL;
    }
    double norm = Vectors.norm(vector);
    if (isLevels(sorted, step)) {
      return rounded(Format.INT8, vector.length * step * step, norm);
    }
    if (allEndInZeros(vector, BFLOAT16_DROPPED)) {
      return rounded(Format.BFLOAT16, squaredSteps(vector, BFLOAT16_DROPPED, 0), norm);
    }
    return isFloat16(vector)
        ? rounded(Format.FLOAT16, squaredSteps(vector, FLOAT16_DROPPED, FLOAT16_LEAST), norm)
        : FULL;
  }

  /** Of numbers that lack some of the bits of single precision, the sum of the squared steps. */
  private static double squaredSteps(float[] vector, int dropped, double least) {
    double sum = 0;
    for (float x : vector) {
      double step = Math.max(least, Math.scalb(Math.ulp(x), dropped));
      sum += step * step;
    }
    return sum;
  }

  /** An error spread evenly over a step has the variance step²/12. */
  private static StoredPrecision rounded(Format format, double squaredSteps, double norm) {
    return new StoredPrecision(format, Math.min(0.99, Math.sqrt(squaredSteps / 12) / norm));
  }

  private static boolean isLevels(float[] sorted, double least) {
    int n = sorted.length;
    double range = (double) sorted[n - 1] - sorted[0];
    long levels = Math.round(range / least);
    if (levels >= LEVELS) {
      return false;
    }
    // The range divided by a whole number is a closer estimate of the step than the least gap.
    double step = range / levels;
    for (float x : sorted) {
      double level = (x - sorted[0]) / step;
      if (Math.abs(level - Math.rint(level)) > LEVEL_TOLERANCE) {
        return false;
      }
    }
    return true;
  }

  private static boolean allEndInZeros(float[] vector, int bits) {
    int mask = (1 << bits) - 1;
    for (float x : vector) {
      if ((Float.floatToRawIntBits(x) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFloat16(float[] vector) {
    for (float x : vector) {
      double inLeast = x / FLOAT16_LEAST;
      if (inLeast != Math.rint(inLeast)) {
        return false;
      }
    }
    return allEndInZeros(vector, FLOAT16_DROPPED);
  }

  /**
   * The cosine from which a text counts as exact: that of single precision, lowered by what the
   * noise costs, four standard deviations of it included.
   *
   * @param dimension of the vector
   */
  public double exactCosine(int dimension) {
    double deviation = Math.sqrt(2.0 / dimension);
    return Verdict.EXACT_COSINE - noise * noise / 2 * (1 + 4 * deviation);
  }

  /**
   * Whether a text can be told from its closest wrong neighbours. With more noise than this, those
   * that differ by a cosine of 2e-5 come as close as the text itself, and no text is called exact.
   */
  public boolean decidable() {
    return noise <= MAX_NOISE;
  }
}
