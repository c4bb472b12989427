package io.vec2text.audit.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.net.UrlEscapers;
import io.vec2text.InversionResult;
import io.vec2text.audit.AuditReport;
import io.vec2text.audit.Finding;
import io.vec2text.audit.Severity;
import io.vec2text.audit.detect.DataType;
import java.util.List;
import java.util.Optional;

/** Writes SARIF 2.1.0. */
record SarifReport(AuditReport report, Rendering rendering) {
  private static final List<String> TAGS =
      List.of(
          "security",
          "privacy",
          "OWASP-LLM08:2025",
          "OWASP-LLM09:2026",
          "ATLAS-AML.T0024.001",
          "external/cwe/cwe-200",
          "external/cwe/cwe-285");

  String write() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    root.put("version", "2.1.0");
    ObjectNode run = root.putArray("runs").addObject();
    List<DataType> types = Located.types(report);
    tool(run.putObject("tool").putObject("driver"), types);
    ObjectNode invocation = run.putArray("invocations").addObject();
    invocation.put("executionSuccessful", report.complete());
    invocation.put("endTimeUtc", report.subject().date().toString());
    ObjectNode properties = run.putObject("properties");
    properties.put("recordsTested", report.inverted());
    properties.put("recordsInStore", report.sampling().population());
    properties.put("space", report.subject().space().toString());
    run.put("columnKind", "utf16CodeUnits");
    results(run.putArray("results"), types);
    return JsonReport.write(root);
  }

  private void tool(ObjectNode driver, List<DataType> types) {
    driver.put("name", "vec2text audit");
    driver.put("version", report.subject().version());
    driver.put("informationUri", "https://vec2text.io");
    ArrayNode rules = driver.putArray("rules");
    for (DataType type : types) {
      ObjectNode rule = rules.addObject();
      rule.put("id", ruleId(type));
      rule.put("name", camel(type.id()));
      boolean deleted = type.equals(DataType.DELETED_RECORD);
      rule.putObject("shortDescription")
          .put(
              "text",
              deleted ? "Deleted record still stored" : "Vector gives away: " + type.title());
      rule.putObject("fullDescription")
          .put(
              "text",
              deleted
                  ? "The source system has deleted this record, and the store still has its vector."
                  : "By embedding inversion, data of this kind was read from a stored vector: "
                      + type.title()
                      + ".");
      rule.putObject("help")
          .put(
              "text",
              (deleted ? "Delete it from the store, its copies and backups. " : "")
                  + "Treat stored vectors as the documents themselves (OWASP LLM08:2025,"
                  + " LLM09:2026; MITRE ATLAS AML.T0024.001): the same access rights, encryption,"
                  + " retention and deletion. Mask such data before it is embedded. Passwords and"
                  + " keys that came back must be changed.");
      rule.putObject("defaultConfiguration").put("level", level(Severity.HIGH));
      ObjectNode properties = rule.putObject("properties");
      ArrayNode tags = properties.putArray("tags");
      TAGS.forEach(tags::add);
      properties.put("precision", "high");
      properties.put("security-severity", Wording.format("%.1f", 10 * type.harm()));
    }
  }

  private void results(ArrayNode results, List<DataType> types) {
    for (Located located : Located.of(report)) {
      result(results.addObject(), located.finding(), located.result(), types);
    }
  }

  private void result(
      ObjectNode node, Finding finding, Optional<InversionResult> result, List<DataType> types) {
    node.put("ruleId", ruleId(finding.type()));
    node.put("ruleIndex", types.indexOf(finding.type()));
    node.put("level", level(finding.severity()));
    node.put("kind", "fail");
    node.putObject("message").put("text", Wording.sentence(finding));
    ObjectNode location = node.putArray("locations").addObject();
    ObjectNode physical = location.putObject("physicalLocation");
    physical.putObject("artifactLocation").put("uri", uri());
    physical
        .putObject("region")
        .put("startLine", (int) Math.min(Integer.MAX_VALUE, finding.record().line().orElse(1)));
    ObjectNode logical = location.putArray("logicalLocations").addObject();
    logical.put("name", Wording.name(finding.record()));
    logical.put("kind", "record");
    node.putObject("partialFingerprints").put("vec2textFinding/v1", finding.key());
    if (rendering.baseline().isPresent()) {
      node.put("baselineState", rendering.isNew(finding) ? "new" : "unchanged");
    }
    ObjectNode properties = node.putObject("properties");
    properties.put("severity", finding.severity().toString());
    properties.put("exactness", finding.exactness().toString());
    properties.put("confidence", finding.confidence());
    properties.put("index", finding.record().index());
    result.ifPresent(
        r -> {
          properties.put("embeddings", r.cost().embedderCalls());
          properties.put("seconds", Wording.seconds(r));
        });
  }

  /** Relative: whoever shows the report knows its own root. */
  private String uri() {
    String source = report.subject().source().replace('\\', '/');
    String name = source.substring(source.lastIndexOf('/') + 1);
    return UrlEscapers.urlPathSegmentEscaper()
        .escape(name.isEmpty() ? "vectors" : name)
        .replace(":", "%3A");
  }

  private static String ruleId(DataType type) {
    return "vec2text/" + type.id();
  }

  private static String camel(String id) {
    StringBuilder name = new StringBuilder();
    for (String word : id.split("-", -1)) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return name.toString();
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case CRITICAL, HIGH -> "error";
      case MEDIUM -> "warning";
      case LOW -> "note";
    };
  }
}
