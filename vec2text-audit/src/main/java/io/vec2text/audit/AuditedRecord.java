package io.vec2text.audit;

import com.google.common.collect.ImmutableList;
import io.vec2text.InversionResult;
import io.vec2text.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * A record that was inverted. {@link #toString()} does not hold what came back.
 *
 * @param record the record
 * @param result what came back; empty if the vector could not be inverted
 * @param findings what is in that
 * @param stratum the stratum that it was drawn from; empty if there are none
 */
public record AuditedRecord(
    RecordId record, Optional<InversionResult> result, List<Finding> findings, String stratum) {
  /** Copies. */
  public AuditedRecord {
    findings = ImmutableList.copyOf(findings);
  }

  /** A record of a simple random sample. */
  public AuditedRecord(RecordId record, Optional<InversionResult> result, List<Finding> findings) {
    this(record, result, findings, "");
  }

  /** Whether the text came back exactly, or with most of its words right. */
  public boolean isReadable() {
    return result
        .filter(r -> r.verdict() == Verdict.EXACT || r.verdict() == Verdict.CLOSE)
        .isPresent();
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
