package io.vec2text.audit.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.vec2text.InversionResult;
import io.vec2text.audit.AuditReport;
import io.vec2text.audit.Finding;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes the findings as a table. */
final class CsvReport {
  private static final List<String> HEADER =
      List.of(
          "key",
          "record",
          "index",
          "type",
          "severity",
          "exactness",
          "confidence",
          "verdict",
          "embeddings",
          "seconds",
          "state");

  private CsvReport() {}

  static String of(AuditReport report, Rendering rendering) {
    StringWriter text = new StringWriter();
    List<String> header = new ArrayList<>(HEADER);
    if (rendering.reveal()) {
      header.add("value");
    }
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      csv.writeRecord(header);
      for (Located located : Located.of(report)) {
        csv.writeRecord(row(located.finding(), located.result(), rendering));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static List<String> row(
      Finding finding, Optional<InversionResult> result, Rendering rendering) {
    List<String> row =
        new ArrayList<>(
            List.of(
                finding.key(),
                harmless(Wording.name(finding.record())),
                String.valueOf(finding.record().index()),
                finding.type().id(),
                finding.severity().toString(),
                finding.exactness().toString(),
                Wording.format("%.3f", finding.confidence()),
                result.map(r -> r.verdict().name().toLowerCase(Locale.ROOT)).orElse(""),
                result.map(r -> String.valueOf(r.cost().embedderCalls())).orElse(""),
                result.map(r -> Wording.format("%.3f", Wording.seconds(r))).orElse(""),
                rendering.isNew(finding) ? "new" : "unchanged"));
    if (rendering.reveal()) {
      row.add(harmless(finding.value()));
    }
    return row;
  }

  /** Ids and texts come from the store: no spreadsheet must take one for a formula. */
  private static String harmless(String cell) {
    return !cell.isEmpty() && "=+-@\t".indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
  }
}
