package io.vec2text;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * How far a recovered text can be trusted, judged by the cosine of its vector with the target.
 *
 * <p>In some spaces all vectors lie close together: those of unrelated texts have a cosine u of .03
 * in that of all-MiniLM-L6-v2, and of more than .7 in that of e5-small-v2. So the thresholds are
 * for the cosine corrected for chance, {@code (cosine - u) / (1 - u)}.
 *
 * <p>They are for unit vectors in single precision: float32 noise costs a cosine about 1e-7, while
 * the closest wrong neighbour of a sentence stays 2e-5 and more below 1. For vectors that a store
 * has rounded, {@link StoredPrecision} says by how much that of {@link #EXACT} is lower.
 */
public enum Verdict {
  /** The text has the very vector: it is the original up to the embedder's normal form. */
  EXACT,
  /** Most words are right; some, or their order, are not. */
  CLOSE,
  /** The subject is right, the wording is not. */
  TOPICAL,
  /** Nothing that is like the original was found. */
  FAILED;

  /** The corrected cosine from which a text counts as exact, in single precision. */
  public static final double EXACT_COSINE = 1 - 2e-6;

  /** The corrected cosine from which a text counts as close. */
  public static final double CLOSE_COSINE = 0.95;

  /** The corrected cosine from which a text counts as topical. */
  public static final double TOPICAL_COSINE = 0.75;

  private static final double MAX_NOISE = 0.99;

  /**
   * The verdict on a text whose vector has this cosine with a target in single precision, in a
   * space where unrelated texts have cosines near 0.
   */
  public static Verdict of(double cosine) {
    return of(cosine, 0, StoredPrecision.FULL, 1);
  }

  /**
   * The verdict on a text.
   *
   * @param cosine cosine of its vector with the target
   * @param unrelated mean cosine of unrelated texts in the space, at least 0 and below 1
   * @param stored how the target was stored
   * @param dimension of the vectors
   */
  public static Verdict of(double cosine, double unrelated, StoredPrecision stored, int dimension) {
    checkArgument(
        unrelated >= 0 && unrelated < 1,
        "the cosine of unrelated texts is %s, expected at least 0 and below 1",
        unrelated);
    double corrected = corrected(cosine, unrelated);
    // Noise turns a vector away from the mean by as much as it would turn a shorter one.
    double noise = Math.min(MAX_NOISE, stored.noise() / Math.sqrt(1 - unrelated));
    StoredPrecision relative = new StoredPrecision(stored.format(), noise);
    if (corrected >= relative.exactCosine(dimension) && relative.decidable()) {
      return EXACT;
    }
    if (corrected >= CLOSE_COSINE) {
      return CLOSE;
    }
    return corrected >= TOPICAL_COSINE ? TOPICAL : FAILED;
  }

  /** A cosine corrected for chance: 0 where unrelated texts lie, 1 at the target. */
  public static double corrected(double cosine, double unrelated) {
    return (cosine - unrelated) / (1 - unrelated);
  }
}
