package io.vec2text.audit.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import io.vec2text.audit.AuditException;
import io.vec2text.audit.AuditReport;
import io.vec2text.audit.Finding;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The findings of an earlier audit, so that a build breaks on a new leak and not on an old one.
 *
 * @param keys the keys of the findings
 */
public record Baseline(Set<String> keys) {
  /** Copies. */
  public Baseline {
    keys = ImmutableSet.copyOf(keys);
  }

  /**
   * Reads a report that {@link Reports#json} wrote.
   *
   * @param name what to call it in messages
   * @throws AuditException if it is none
   */
  public static Baseline read(byte[] json, String name) {
    JsonNode root = JsonReport.read(json, name);
    ImmutableSet.Builder<String> keys = ImmutableSet.builder();
    root.path("findings").forEach(finding -> keys.add(finding.path("key").asText()));
    return new Baseline(keys.build());
  }

  /** Whether a finding is among them. */
  boolean holds(Finding finding) {
    return keys.contains(finding.key());
  }

  /** How many of them a report does not have any more. */
  int absent(AuditReport report) {
    Set<String> now = report.allFindings().stream().map(Finding::key).collect(Collectors.toSet());
    return (int) keys.stream().filter(key -> !now.contains(key)).count();
  }
}
