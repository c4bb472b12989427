package io.vec2text.audit;

import java.util.Optional;

/**
 * What one pass over all records told, without inverting any.
 *
 * @param deleted records that should be gone, where their ids were given
 * @param known texts that are in the store, where some were given
 * @param duplicates records with the same vector
 */
public record WholeStore(
    Optional<Reconciliation> deleted, Optional<Membership> known, Duplicates duplicates) {
  /** Nothing was asked, and nothing is there twice. */
  public static final WholeStore NOTHING =
      new WholeStore(Optional.empty(), Optional.empty(), Duplicates.NONE);
}
