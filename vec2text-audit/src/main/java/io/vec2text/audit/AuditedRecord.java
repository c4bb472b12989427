package io.vec2text.audit;

import com.google.common.collect.ImmutableList;
import io.vec2text.InversionResult;
import java.util.List;
import java.util.Optional;

/**
 * A record that was inverted. {@link #toString()} does not hold what came back.
 *
 * @param record the record
 * @param result what came back; empty if the vector could not be inverted
 * @param findings what is in that
 */
public record AuditedRecord(
    RecordId record, Optional<InversionResult> result, List<Finding> findings) {
  /** Copies. */
  public AuditedRecord {
    findings = ImmutableList.copyOf(findings);
  }

  /** Whether personal data or a secret came back word for word. */
  public boolean leaks() {
    return findings.stream()
        .anyMatch(
            f ->
                f.exactness() == Exactness.VERBATIM
                    && !f.type().equals(io.vec2text.audit.detect.DataType.FULL_TEXT));
  }
}
