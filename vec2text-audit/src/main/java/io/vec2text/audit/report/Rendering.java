package io.vec2text.audit.report;

import static java.util.Objects.requireNonNull;

import io.vec2text.audit.AuditReport;
import io.vec2text.audit.Finding;
import java.util.List;
import java.util.Optional;

/**
 * How a report is written.
 *
 * @param reveal whether to show what came back; such a report holds the secrets themselves
 * @param baseline an earlier report whose findings are known; without one all are new
 * @param failOn from which findings on a build fails; without it, from any new one
 */
public record Rendering(boolean reveal, Optional<Baseline> baseline, Optional<Threshold> failOn) {
  /** Nothing that came back is shown, and nothing is known from before. */
  public static final Rendering REDACTED = new Rendering(false, Optional.empty(), Optional.empty());

  /** Checks the arguments. */
  public Rendering {
    requireNonNull(baseline, "baseline");
    requireNonNull(failOn, "failOn");
  }

  /** Whether a finding is not in the baseline. */
  public boolean isNew(Finding finding) {
    return baseline.isEmpty() || !baseline.get().holds(finding);
  }

  /** The findings that are not in the baseline. */
  public List<Finding> newFindings(AuditReport report) {
    return report.allFindings().stream().filter(this::isNew).toList();
  }

  /** Whether a build is to fail. */
  public boolean fails(AuditReport report) {
    return failOn.filter(threshold -> threshold.holds(newFindings(report))).isPresent();
  }
}
