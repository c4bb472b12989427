package io.vec2text.audit.report;

import io.vec2text.InversionResult;
import io.vec2text.audit.AuditReport;
import io.vec2text.audit.AuditedRecord;
import io.vec2text.audit.Finding;
import io.vec2text.audit.Reconciliation;
import io.vec2text.audit.Triage;
import io.vec2text.audit.detect.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A finding with what it came from.
 *
 * @param result what came back from the record's vector; empty if that was not inverted
 */
record Located(Finding finding, Optional<InversionResult> result) {

  /** All findings, in the order of {@link AuditReport#allFindings}. */
  static List<Located> of(AuditReport report) {
    List<Located> all = new ArrayList<>();
    List<AuditedRecord> inverted = new ArrayList<>(report.records());
    report.wholeStore().triage().map(Triage::inverted).ifPresent(inverted::addAll);
    for (AuditedRecord record : inverted) {
      record.findings().forEach(f -> all.add(new Located(f, record.result())));
    }
    report.wholeStore().deleted().map(Reconciliation::findings).orElse(List.of()).stream()
        .map(f -> new Located(f, Optional.empty()))
        .forEach(all::add);
    return all;
  }

  /** All kinds that findings can have. */
  static List<DataType> types(AuditReport report) {
    List<DataType> types = new ArrayList<>(report.types());
    types.add(DataType.FULL_TEXT);
    if (report.wholeStore().deleted().isPresent()) {
      types.add(DataType.DELETED_RECORD);
    }
    return types;
  }
}
