package io.vec2text.audit.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.Resources;
import io.vec2text.audit.AuditReport;
import java.io.IOException;

/** Writes reports of audits. All are text, to be written in UTF-8. */
public final class Reports {

  private Reports() {}

  /** JSON, by the schema {@link #jsonSchema}. */
  public static String json(AuditReport report, Rendering rendering) {
    return new JsonReport(report, rendering).write();
  }

  /** The JSON schema (2020-12) of {@link #json}. */
  public static String jsonSchema() {
    try {
      return Resources.toString(
          Resources.getResource(Reports.class, "audit-report.schema.json"), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("can't read the schema of reports", e);
    }
  }

  /** Markdown. */
  public static String markdown(AuditReport report, Rendering rendering) {
    return MarkdownReport.of(report, rendering);
  }

  /** What a terminal shows: the first part of the Markdown report. */
  public static String summary(AuditReport report, Rendering rendering) {
    return MarkdownReport.summary(report, rendering);
  }

  /** One HTML file that needs nothing else. */
  public static String html(AuditReport report, Rendering rendering) {
    return HtmlReport.of(report, rendering);
  }

  /** SARIF 2.1.0 (OASIS), a result for each finding. It never holds what came back. */
  public static String sarif(AuditReport report, Rendering rendering) {
    return new SarifReport(report, rendering).write();
  }

  /**
   * JUnit XML: a test case for each kind of data, which fails if there are new findings of it that
   * {@link Rendering#failOn} counts. It never holds what came back.
   */
  public static String junit(AuditReport report, Rendering rendering) {
    return JunitReport.of(report, rendering);
  }

  /** CSV of the findings, with a header. */
  public static String csv(AuditReport report, Rendering rendering) {
    return CsvReport.of(report, rendering);
  }
}
