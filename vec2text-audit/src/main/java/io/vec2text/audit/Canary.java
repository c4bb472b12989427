package io.vec2text.audit;

import static java.util.Objects.requireNonNull;

/**
 * A sentence that is put into a store to see whether it comes back.
 *
 * @param id what it is called
 * @param text the sentence
 */
public record Canary(String id, String text) {
  /** Checks the arguments. */
  public Canary {
    requireNonNull(id, "id");
    requireNonNull(text, "text");
  }

  /**
   * What became of a canary.
   *
   * @param canary the canary
   * @param state how much of it came back
   * @param recall the share of its words that came back, 0 to 1
   * @param floor the same of the words that another record gave, by chance so to speak
   * @param embeddings what it took
   * @param record the record that holds it; empty if it was not found in the store
   */
  public record Returned(
      Canary canary,
      State state,
      double recall,
      double floor,
      int embeddings,
      java.util.Optional<RecordId> record) {}

  /** How much of a canary came back. */
  public enum State {
    /** All of it. */
    EXACT,
    /** Words of it. */
    PARTIAL,
    /** No record of the store is close to it: it was not inserted, or its vector was changed. */
    NOT_IN_STORE,
    /** The audit was stopped before its turn. */
    NOT_TESTED;

    /** Its name in lower case, with hyphens. */
    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }
}
