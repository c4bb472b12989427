package io.vec2text;

/**
 * How far a recovered text can be trusted, judged by the cosine of its vector with the target.
 *
 * <p>Thresholds are for unit vectors in single precision: float32 noise costs a cosine about 1e-7,
 * while the closest wrong neighbour of a sentence stays 2e-5 and more below 1. For vectors that a
 * store has rounded, {@link StoredPrecision} says by how much that of {@link #EXACT} is lower.
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

  /** The cosine from which a text counts as exact, in single precision. */
  public static final double EXACT_COSINE = 1 - 2e-6;

  /** The cosine from which a text counts as close. */
  public static final double CLOSE_COSINE = 0.95;

  /** The cosine from which a text counts as topical. */
  public static final double TOPICAL_COSINE = 0.75;

  /** The verdict on a text whose vector has this cosine with a target in single precision. */
  public static Verdict of(double cosine) {
    return of(cosine, StoredPrecision.FULL, 1);
  }

  /**
   * The verdict on a text.
   *
   * @param cosine cosine of its vector with the target
   * @param stored how the target was stored
   * @param dimension of the vectors
   */
  public static Verdict of(double cosine, StoredPrecision stored, int dimension) {
    if (cosine >= stored.exactCosine(dimension) && stored.decidable()) {
      return EXACT;
    }
    if (cosine >= CLOSE_COSINE) {
      return CLOSE;
    }
    return cosine >= TOPICAL_COSINE ? TOPICAL : FAILED;
  }
}
