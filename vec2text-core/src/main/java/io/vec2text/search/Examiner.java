package io.vec2text.search;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Evidence;
import io.vec2text.InversionOptions;
import io.vec2text.StoredPrecision;
import io.vec2text.Vectors;
import io.vec2text.spi.VectorStatistics;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Looks at vectors before they are searched: what of the embedder's vector is left, and whether
 * they are the embedder's at all. That costs no embedding. Safe for use by many threads.
 */
final class Examiner {
  /** Zeros at a vector's end that are not chance, even of few levels. */
  private static final int PADDING = 8;

  /** Of fewer components too little is known to call them foreign. */
  private static final int TELLING = 64;

  /** Error that the statistics allow for, relative to a vector's length. */
  private static final double ALLOWED_NOISE = 0.05;

  /** How far from 1 the length of a vector is that was not normalised last. */
  private static final double LENGTH_TOLERANCE = 0.005;

  /** No difference of two unit vectors is longer. */
  private static final double LONGEST_DIFFERENCE = 2;

  private final EmbeddingSpace space;
  private final @Nullable Gaussian gaussian;

  Examiner(EmbeddingSpace space, @Nullable VectorStatistics statistics) {
    this.space = space;
    checkArgument(
        statistics == null || statistics.dimension() == space.dimension(),
        "the statistics are of another dimension than %s",
        space);
    gaussian = statistics == null ? null : new Gaussian(statistics);
  }

  /**
   * Looks at a vector.
   *
   * @throws IllegalArgumentException if it can't be inverted in the space, naming what was found
   *     and what was expected
   */
  Examined examine(float @Nullable [] given, InversionOptions options) {
    int dimension = space.dimension();
    int left = options.truncated().orElse(dimension);
    checkArgument(
        left < dimension || options.truncated().isEmpty(),
        "vectors are declared to be truncated to %s components, expected fewer than the %s of %s",
        left,
        dimension,
        space.modelId());
    float[] vector = Vectors.check(given == null ? null : filled(given, left), space);
    ImmutableList.Builder<Evidence> evidence = ImmutableList.builder();
    float[] signs = signs(vector, left);
    if (signs != null) {
      evidence.add(
          new Evidence(
              Evidence.Kind.SIGN_CODE,
              "only the signs of the components are left; guesses are compared by their signs"));
    }
    if (left < dimension) {
      evidence.add(
          new Evidence(
              Evidence.Kind.TRUNCATED,
              "only the first %d of %d components are left; guesses are compared by these"
                  .formatted(left, dimension)));
    } else if (signs == null) {
      left = dimension - zerosAtEnd(vector);
      if (left < dimension) {
        evidence.add(
            new Evidence(
                Evidence.Kind.ZERO_PADDED,
                "the last %d of %d components are zero; guesses are compared by the first %d"
                    .formatted(dimension - left, dimension, left)));
      }
    }
    if (signs != null) {
      return new Examined(signs, new Signs(known(signs), gaussian), left, 0, evidence.build());
    }
    VectorForm form =
        left < dimension
            ? new VectorForm.Leading(left, norm(vector, left), gaussian)
            : new VectorForm.Whole();
    if (isForeign(vector, left, options)) {
      evidence.add(
          new Evidence(
              Evidence.Kind.OTHER_MODEL,
              "this is not one of this model's vectors: "
                  + space.modelId()
                  + " puts no text's near it"));
    } else if (left == dimension && space.normalized()) {
      Evidence odd = oddLength(vector, options);
      if (odd != null) {
        evidence.add(odd);
        if (odd.kind() == Evidence.Kind.CENTRED && gaussian != null && Vectors.norm(vector) < 1) {
          form = new VectorForm.Centred(gaussian.mean());
        }
      }
    }
    double unrelated =
        gaussian == null || form instanceof VectorForm.Centred ? 0 : gaussian.unrelatedCosine(left);
    return new Examined(vector, form, left, unrelated, evidence.build());
  }

  /** The components that are left, filled up with zeros; a vector of another length as it is. */
  private float[] filled(float[] given, int left) {
    int dimension = space.dimension();
    if (left == dimension || (given.length != left && given.length != dimension)) {
      return given.clone();
    }
    float[] filled = new float[dimension];
    System.arraycopy(given, 0, filled, 0, left);
    return filled;
  }

  /**
   * The signs of a vector that has nothing else: two values, or two opposite ones and zeros, which
   * have no sign; else null.
   */
  private static float @Nullable [] signs(float[] vector, int left) {
    float low = Float.MAX_VALUE;
    float high = -Float.MAX_VALUE;
    for (int i = 0; i < left; i++) {
      low = Math.min(low, vector[i]);
      high = Math.max(high, vector[i]);
    }
    float[] signs = new float[vector.length];
    for (int i = 0; i < left; i++) {
      if (vector[i] == low || vector[i] == high) {
        signs[i] = vector[i] == low ? -1 : 1;
      } else if (vector[i] != 0 || low != -high) {
        return null;
      }
    }
    return low < high ? signs : null;
  }

  /** Components of a sign code whose signs mean something. */
  private boolean[] known(float[] signs) {
    boolean[] known = new boolean[signs.length];
    for (int i = 0; i < known.length; i++) {
      known[i] = signs[i] != 0 && (gaussian == null || !gaussian.isConstant(i));
    }
    return known;
  }

  private static int zerosAtEnd(float[] vector) {
    int end = vector.length;
    while (vector[end - 1] == 0) {
      end--;
    }
    int zeros = vector.length - end;
    return zeros >= PADDING ? zeros : 0;
  }

  /** The length that the components left have in a vector of length 1. */
  private double norm(float[] vector, int left) {
    double expected =
        gaussian == null
            ? Math.sqrt((double) left / vector.length)
            : Math.min(1, gaussian.expectedNorm(left));
    double found = Vectors.norm(vector);
    // Stores normalise what they cut, or don't; other lengths tell nothing.
    return Math.abs(found / expected - 1) < (1 - expected) / 2 ? found : expected;
  }

  private boolean isForeign(float[] vector, int left, InversionOptions options) {
    if (gaussian == null || left < TELLING || constant(vector, left)) {
      return constant(vector, left);
    }
    double length = left < vector.length ? norm(vector, left) : 1;
    float[] scaled = vector.clone();
    if (space.normalized()) {
      double norm = Vectors.norm(vector);
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] *= (float) (length / norm);
      }
    }
    double noise = stored(vector, left, options).noise() / ALLOWED_NOISE;
    return gaussian.distance(scaled, left) > gaussian.limit() * (1 + noise * noise);
  }

  /** Whether all components are the same, as those of no model are. */
  private static boolean constant(float[] vector, int left) {
    for (int i = 1; i < left; i++) {
      if (vector[i] != vector[0]) {
        return false;
      }
    }
    return left > 1;
  }

  /** How the components that are left were stored. */
  static StoredPrecision stored(float[] vector, int left, InversionOptions options) {
    return options
        .noise()
        .map(noise -> new StoredPrecision(StoredPrecision.Format.DECLARED, noise))
        .orElseGet(
            () -> StoredPrecision.of(left < vector.length ? Arrays.copyOf(vector, left) : vector));
  }

  /** What the length of a vector says where the model gives length 1. */
  private @Nullable Evidence oddLength(float[] vector, InversionOptions options) {
    double norm = Vectors.norm(vector);
    double noise = stored(vector, vector.length, options).noise();
    boolean shorter = norm < 1 - LENGTH_TOLERANCE - 3 * noise;
    boolean longer = norm > 1 + 4 * LENGTH_TOLERANCE + 3 * noise && norm <= LONGEST_DIFFERENCE;
    if (!shorter && !longer) {
      return null;
    }
    String found =
        String.format(Locale.ROOT, "its length is %.3f where this model gives length 1", norm);
    if (isCentred(vector, norm)) {
      return new Evidence(
          Evidence.Kind.CENTRED,
          found
              + (shorter
                  ? " and it lies around zero: a mean was subtracted; this model's mean is added"
                      + " again"
                  : " and it lies around zero: it is the difference of two vectors, the text of"
                      + " neither"));
    }
    return shorter && !isScaled(norm)
        ? new Evidence(
            Evidence.Kind.AVERAGED,
            found + ": it is the mean of several vectors, or a mean was subtracted from it")
        : null;
  }

  /** Whether a vector lies around zero rather than around the mean of the model's vectors. */
  private boolean isCentred(float[] vector, double norm) {
    if (gaussian == null) {
      return false;
    }
    float[] mean = gaussian.mean();
    double square = Vectors.dot(mean, mean);
    if (norm < 1 && Math.abs(Vectors.norm(Vectors.add(vector, mean)) - 1) < LENGTH_TOLERANCE) {
      return true;
    }
    // The directions of averages lie around the mean divided by their length, if they are short.
    return Vectors.dot(vector, mean) / Math.min(1, norm) < square / 2;
  }

  /** Whether a vector is shorter than any mean of several would be, and so was only scaled. */
  private boolean isScaled(double norm) {
    return gaussian != null && norm < Vectors.norm(gaussian.mean()) / 2;
  }
}
