package io.vec2text.audit;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Records that the source system has deleted, and that the store still has.
 *
 * @param ids ids that were given
 * @param stillStored records of the store that have one of them
 * @param findings a finding for each of these records, in the order of their names; for the first
 *     {@value DeletedIds#MAX_FINDINGS} of the store if there are more
 */
public record Reconciliation(long ids, long stillStored, List<Finding> findings) {
  /** Copies. */
  public Reconciliation {
    findings = ImmutableList.copyOf(findings);
  }
}
