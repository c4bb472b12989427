package io.vec2text.audit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import de.siegmar.fastcsv.reader.CsvReader;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionResult;
import io.vec2text.InversionResult.Cost;
import io.vec2text.Verdict;
import io.vec2text.audit.AuditException;
import io.vec2text.audit.AuditReport;
import io.vec2text.audit.AuditedRecord;
import io.vec2text.audit.Canary;
import io.vec2text.audit.Exactness;
import io.vec2text.audit.Finding;
import io.vec2text.audit.RecordId;
import io.vec2text.audit.Severity;
import io.vec2text.audit.TruthCheck;
import io.vec2text.audit.WholeStore;
import io.vec2text.audit.detect.DataType;
import io.vec2text.eval.Rate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

final class ReportsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SECRET = "anna @ example . com";
  private static final String HOSTILE = "=<script>alert('x')</script>|\u202e\n\u0007`*";

  private static RecordId id(long index, String id) {
    return new RecordId(index, Optional.of(id), OptionalLong.of(index + 1));
  }

  private static Finding finding(RecordId record, DataType type, Severity severity, int key) {
    return new Finding(
        "%016x".formatted(key), record, type, severity, Exactness.VERBATIM, 0.97, SECRET);
  }

  private static AuditedRecord record(RecordId id, Finding... findings) {
    InversionResult result =
        InversionResult.builder()
            .text("write to " + SECRET)
            .cosine(1)
            .verdict(Verdict.EXACT)
            .cost(new Cost(120, 8, Duration.ofMillis(900)))
            .build();
    return new AuditedRecord(id, Optional.of(result), List.of(findings));
  }

  static AuditReport report() {
    RecordId first = id(0, "doc-1");
    RecordId hostile = id(4, HOSTILE);
    List<AuditedRecord> records = new ArrayList<>();
    records.add(
        record(
            first,
            finding(first, DataType.EMAIL, Severity.HIGH, 1),
            finding(first, DataType.FULL_TEXT, Severity.MEDIUM, 2)));
    records.add(record(hostile, finding(hostile, DataType.PASSWORD, Severity.CRITICAL, 3)));
    records.add(record(id(7, "doc-8")));
    records.add(new AuditedRecord(id(9, "doc-10"), Optional.empty(), List.of()));
    Canary canary = new Canary("canary-0001", "The red clock was sold in 1961.");
    return new AuditReport(
        new AuditReport.Subject(
            "stores/my export.jsonl",
            EmbeddingSpace.of("toy", 16),
            "pool",
            1000,
            Optional.of(Duration.ofSeconds(2)),
            false,
            7,
            Map.of("models", "toys 1"),
            "1.2.3",
            Instant.parse("2026-01-02T03:04:05Z")),
        new AuditReport.Sampling(1003, 2, 1000, 4, 4, true),
        records,
        DataType.builtIn(),
        List.of(
            new Canary.Returned(
                canary, Canary.State.EXACT, 1, 0.2, 80, Optional.of(id(11, "planted"))),
            new Canary.Returned(
                new Canary("canary-0002", "x"),
                Canary.State.NOT_IN_STORE,
                0,
                0,
                0,
                Optional.empty())),
        Optional.of(
            new TruthCheck(
                new Rate(2, 3),
                Map.of(DataType.EMAIL, new Rate(1, 2)),
                Map.of(DataType.EMAIL, new Rate(2, 2)),
                Map.of(DataType.EMAIL, new Rate(1, 1), DataType.FULL_TEXT, new Rate(2, 2)),
                0)),
        WholeStore.NOTHING,
        true);
  }

  private static List<String> problems(String json, String schema, SpecificationVersion version) {
    Schema parsed = SchemaRegistry.withDefaultDialect(version).getSchema(schema, InputFormat.JSON);
    return parsed.validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
  }

  private static final Rendering WITH_BASELINE =
      new Rendering(
          true,
          Optional.of(new Baseline(Set.of("%016x".formatted(1), "%016x".formatted(99)))),
          Optional.of(Threshold.parse("high")));

  @Test
  void jsonIsValid() throws IOException {
    for (Rendering rendering : List.of(Rendering.REDACTED, WITH_BASELINE)) {
      String json = Reports.json(report(), rendering);
      assertThat(problemsOfJson(json)).isEmpty();
    }
    String broken = Reports.json(report(), Rendering.REDACTED).replace("\"seed\"", "\"sead\"");
    assertThat(problemsOfJson(broken)).isNotEmpty();
    JsonNode root = JSON.readTree(Reports.json(report(), WITH_BASELINE));
    assertThat(root.at("/baseline/new").intValue()).isEqualTo(2);
    assertThat(root.at("/baseline/unchanged").intValue()).isEqualTo(1);
    assertThat(root.at("/baseline/absent").intValue()).isEqualTo(1);
    assertThat(root.at("/shares/leaking/count").intValue()).isEqualTo(2);
    assertThat(root.at("/shares/leaking/sample").intValue()).isEqualTo(3);
    assertThat(root.at("/findings/0/value").textValue()).isEqualTo(SECRET);
  }

  static List<String> problemsOfJson(String json) {
    return problems(json, Reports.jsonSchema(), SpecificationVersion.DRAFT_2020_12);
  }

  static List<String> problemsOfSarif(String sarif) throws IOException {
    try (InputStream in =
        com.contrastsecurity.sarif.SarifSchema210.class.getResourceAsStream(
            "/schema/sarif-schema-2.1.0.json")) {
      String schema = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return problems(sarif, schema, SpecificationVersion.DRAFT_7);
    }
  }

  @Test
  void sarifIsValid() throws IOException {
    for (Rendering rendering : List.of(Rendering.REDACTED, WITH_BASELINE)) {
      String sarif = Reports.sarif(report(), rendering);
      assertThat(problemsOfSarif(sarif)).isEmpty();
      JsonNode run = JSON.readTree(sarif).at("/runs/0");
      assertThat(run.path("results")).hasSize(3);
      JsonNode rules = run.at("/tool/driver/rules");
      for (JsonNode result : run.path("results")) {
        assertThat(rules.get(result.path("ruleIndex").intValue()).path("id"))
            .isEqualTo(result.path("ruleId"));
      }
      assertThat(rules.get(0).at("/properties/tags").toString())
          .contains("OWASP-LLM08:2025", "OWASP-LLM09:2026", "AML.T0024.001", "cwe-200", "cwe-285");
      assertThat(run.at("/results/0/locations/0/physicalLocation/artifactLocation/uri").asText())
          .isEqualTo("my%20export.jsonl");
      assertThat(run.at("/results/0/locations/0/physicalLocation/region/startLine").asInt())
          .isEqualTo(1);
    }
    JsonNode run = JSON.readTree(Reports.sarif(report(), WITH_BASELINE)).at("/runs/0");
    assertThat(run.at("/results/0/baselineState").asText()).isEqualTo("unchanged");
    assertThat(run.at("/results/2/baselineState").asText()).isEqualTo("new");
    assertThat(problemsOfSarif("{\"version\":\"2.1.0\"}")).isNotEmpty();
  }

  @Test
  void junitFailsKindsWithNewFindings() throws Exception {
    Document document = parse(Reports.junit(report(), Rendering.REDACTED));
    Element suite = document.getDocumentElement();
    assertThat(suite.getAttribute("failures")).isEqualTo("3");
    assertThat(document.getElementsByTagName("testcase").getLength())
        .isEqualTo(DataType.builtIn().size() + 1);
    Document known = parse(Reports.junit(report(), WITH_BASELINE));
    assertThat(known.getDocumentElement().getAttribute("failures")).isEqualTo("1");
    assertThat(((Element) known.getElementsByTagName("failure").item(0)).getAttribute("type"))
        .isEqualTo("password");
  }

  private static Document parse(String xml) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void csvIsNoFormula() {
    List<List<String>> rows = new ArrayList<>();
    CsvReader.builder()
        .ofCsvRecord(Reports.csv(report(), Rendering.REDACTED))
        .forEach(r -> rows.add(r.getFields()));
    assertThat(rows).hasSize(4);
    assertThat(rows.get(1)).startsWith("%016x".formatted(1), "doc-1", "0", "email", "high");
    assertThat(rows.get(3).get(1)).startsWith("'=");
    assertThat(Reports.csv(report(), WITH_BASELINE)).contains("value").contains(SECRET);
  }

  @Test
  void htmlNeedsNothingAndEscapesAll() {
    String html = Reports.html(report(), Rendering.REDACTED);
    assertThat(html)
        .startsWith("<!DOCTYPE html>")
        .contains("default-src &#x27;none&#x27;", "name=\"viewport\"", "Sign-off", "What to do")
        .contains("High risk")
        .doesNotContain("<script", "http://", "https://", "url(", "@import", "<img", "<link");
    assertThat(html).contains("&lt;script&gt;");
  }

  @Test
  void markdownEscapesWhatComesFromTheStore() {
    String markdown = Reports.markdown(report(), Rendering.REDACTED);
    assertThat(markdown)
        .startsWith("# Leak audit of stores/my export.jsonl\n")
        .doesNotContain("<script>", "\u202e", "\u0007")
        .contains("\\<script\\>", "Sign-off", "What was not tested", "LLM08:2025");
    assertThat(Reports.summary(report(), Rendering.REDACTED))
        .contains("2 of 3 (66.7 %), so from ", "1 critical, 1 high, 1 medium, 0 low");
  }

  @Test
  void noRecordIsNoLowRisk() {
    AuditReport full = report();
    AuditReport none =
        new AuditReport(
            full.subject(),
            full.sampling(),
            List.of(),
            full.types(),
            List.of(),
            Optional.empty(),
            WholeStore.NOTHING,
            false);
    assertThat(Reports.html(none, Rendering.REDACTED))
        .contains("Nothing is known: no record was tested")
        .doesNotContain("Low risk");
    assertThat(Reports.summary(none, Rendering.REDACTED)).contains("none, as no record was tested");
    assertThat(problemsOfJson(Reports.json(none, Rendering.REDACTED))).isEmpty();
  }

  @Test
  void nothingIsRevealedUnlessAskedFor() {
    for (String text :
        List.of(
            Reports.json(report(), Rendering.REDACTED),
            Reports.html(report(), Rendering.REDACTED),
            Reports.markdown(report(), Rendering.REDACTED),
            Reports.csv(report(), Rendering.REDACTED),
            Reports.sarif(report(), WITH_BASELINE),
            Reports.junit(report(), WITH_BASELINE),
            Reports.summary(report(), WITH_BASELINE))) {
      assertThat(text).doesNotContain("anna", SECRET);
    }
    assertThat(Reports.html(report(), WITH_BASELINE)).contains("anna @ example . com");
    assertThat(Reports.markdown(report(), WITH_BASELINE)).contains("anna @ example . com");
  }

  @Test
  void aReportIsABaseline() {
    byte[] json = Reports.json(report(), Rendering.REDACTED).getBytes(StandardCharsets.UTF_8);
    Rendering known =
        new Rendering(
            false,
            Optional.of(Baseline.read(json, "old.json")),
            Optional.of(Threshold.parse("low")));
    assertThat(known.newFindings(report())).isEmpty();
    assertThat(known.fails(report())).isFalse();
    assertThatThrownBy(() -> Baseline.read("{}".getBytes(StandardCharsets.UTF_8), "x.json"))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("x.json: is no JSON report of an audit");
  }

  @Test
  void thresholdsCountNewFindings() {
    assertThat(fails("critical")).isTrue();
    assertThat(fails("critical:2")).isFalse();
    assertThat(fails("high:2")).isTrue();
    assertThat(fails("HIGH:3")).isFalse();
    assertThat(fails("low:3")).isTrue();
    assertThat(Threshold.parse("high:5")).hasToString("high:5");
    assertThat(Threshold.parse("High")).hasToString("high");
  }

  private static boolean fails(String threshold) {
    return new Rendering(false, Optional.empty(), Optional.of(Threshold.parse(threshold)))
        .fails(report());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "severe", "high:", "high:0", "high:x", ":3"})
  void refusesOtherThresholds(String text) {
    assertThatThrownBy(() -> Threshold.parse(text)).hasMessageContaining("is no threshold");
  }
}
