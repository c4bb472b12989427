package io.vec2text;

/** Why an inversion ended. */
public enum StopReason {
  /** The text was found exactly. */
  EXACT,
  /** The embeddings, or the steps of the search, were used up. */
  BUDGET,
  /** The allowed work was used up. */
  DEADLINE,
  /** Nothing new was left to try. */
  STALLED,
  /** The caller cancelled or interrupted the call. */
  CANCELLED,
  /** The vector shows that there is nothing to be found: it is another model's. */
  NOT_SEARCHED
}
