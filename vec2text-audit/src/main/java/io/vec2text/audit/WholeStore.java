package io.vec2text.audit;

import java.util.List;
import java.util.Optional;

/**
 * What one pass over all records told.
 *
 * @param deleted records that should be gone, where their ids were given
 * @param known texts that are in the store, where some were given
 * @param triage what was predicted of every record, where that was asked for
 * @param duplicates records with the same vector
 */
public record WholeStore(
    Optional<Reconciliation> deleted,
    Optional<Membership> known,
    Optional<Triage> triage,
    Duplicates duplicates) {
  /** Nothing was asked, and nothing is there twice. */
  public static final WholeStore NOTHING =
      new WholeStore(Optional.empty(), Optional.empty(), Optional.empty(), Duplicates.NONE);

  /** The same with what came back from suspected records. */
  WholeStore with(List<AuditedRecord> suspects) {
    return new WholeStore(deleted, known, triage.map(t -> t.with(suspects)), duplicates);
  }
}
