package io.vec2text.audit.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.InversionResult;
import io.vec2text.Verdict;
import io.vec2text.audit.AuditException;
import io.vec2text.audit.AuditReport;
import io.vec2text.audit.AuditedRecord;
import io.vec2text.audit.Canary;
import io.vec2text.audit.Duplicates;
import io.vec2text.audit.Exactness;
import io.vec2text.audit.Finding;
import io.vec2text.audit.Membership;
import io.vec2text.audit.PopulationShare;
import io.vec2text.audit.RecordId;
import io.vec2text.audit.Severity;
import io.vec2text.audit.SharedValue;
import io.vec2text.audit.Triage;
import io.vec2text.audit.TruthCheck;
import io.vec2text.audit.WholeStore;
import io.vec2text.audit.detect.DataType;
import io.vec2text.eval.Interval;
import io.vec2text.eval.Rate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes JSON. */
record JsonReport(AuditReport report, Rendering rendering) {
  /** Name and version of the format; another one is another schema. */
  static final String FORMAT = "vec2text-audit-1";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  String write() {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT);
    root.put("complete", report.complete());
    subject(root.putObject("subject"));
    sampling(root.putObject("sampling"));
    ObjectNode shares = root.putObject("shares");
    share(shares.putObject("leaking"), report.leaking());
    share(shares.putObject("readable"), report.readable());
    for (Verdict verdict : Verdict.values()) {
      share(shares.putObject(verdict.name().toLowerCase(Locale.ROOT)), report.share(verdict));
    }
    if (report.sampling().by().isPresent()) {
      strata(root.putArray("strata"));
    }
    types(root.putArray("types"));
    severities(root.putObject("severities"));
    ObjectNode effort = root.putObject("effort");
    effort.put("embeddings", report.embeddings());
    effort.put("seconds", rounded(report.work().toMillis() / 1e3));
    if (rendering.baseline().isPresent()) {
      ObjectNode baseline = root.putObject("baseline");
      int fresh = rendering.newFindings(report).size();
      baseline.put("new", fresh);
      baseline.put("unchanged", report.allFindings().size() - fresh);
      baseline.put("absent", rendering.baseline().get().absent(report));
    }
    if (!report.canaries().isEmpty()) {
      canaries(root.putArray("canaries"));
    }
    report.truth().ifPresent(truth -> truth(root.putObject("truth"), truth));
    wholeStore(root);
    Wording.attacker(report).forEach(root.putArray("attacker")::add);
    Wording.notTested(report).forEach(root.putArray("notTested")::add);
    findings(root.putArray("findings"));
    return write(root);
  }

  /**
   * Reads a report that was written.
   *
   * @param name what to call it in messages
   * @throws AuditException if it is none
   */
  static JsonNode read(byte[] json, String name) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (IOException e) {
      root = JSON.missingNode();
    }
    if (!FORMAT.equals(root.path("format").asText()) || !root.path("findings").isArray()) {
      throw new AuditException(
          name + ": is no JSON report of an audit, expected one that was written with --json");
    }
    return root;
  }

  static String write(ObjectNode root) {
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("JSON can't be written", e);
    }
  }

  private void subject(ObjectNode node) {
    AuditReport.Subject subject = report.subject();
    node.put("source", utf8(subject.source()));
    ObjectNode space = node.putObject("space");
    space.put("modelId", subject.space().modelId());
    space.put("variant", subject.space().variant());
    space.put("dimension", subject.space().dimension());
    node.put("search", subject.search());
    node.put("maxEmbeddings", subject.maxEmbeddings());
    subject.timeLimit().ifPresent(t -> node.put("maxSeconds", t.toNanos() / 1e9));
    node.put("searchAnyway", subject.searchAnyway());
    node.put("seed", subject.seed());
    node.put("program", "vec2text");
    node.put("version", subject.version());
    ObjectNode versions = node.putObject("versions");
    new TreeMap<>(subject.versions()).forEach(versions::put);
    node.put("date", subject.date().toString());
  }

  private void sampling(ObjectNode node) {
    AuditReport.Sampling sampling = report.sampling();
    node.put("design", Wording.design(report));
    sampling.by().ifPresent(by -> node.put("by", by));
    node.put("rows", sampling.rows());
    node.put("malformed", sampling.malformed());
    node.put("population", sampling.population());
    node.put("requested", sampling.requested());
    node.put("drawn", sampling.drawn());
    node.put("wholeSource", sampling.wholeSource());
    node.put("inverted", report.inverted());
    node.put("errors", report.errors());
    node.put("foreign", report.foreign());
    node.put("tooLong", report.tooLong());
  }

  static void share(ObjectNode node, PopulationShare share) {
    node.put("count", share.count());
    node.put("sample", share.sample());
    node.put("population", share.population());
    share.value().ifPresent(v -> node.put("share", rounded(v)));
    node.put("atLeast", share.atLeast());
    node.put("atMost", share.atMost());
    share.interval().ifPresent(i -> interval(node, i));
    if (!share.strata().isEmpty()) {
      ArrayNode strata = node.putArray("strata");
      for (PopulationShare stratum : share.strata()) {
        ObjectNode each = strata.addObject();
        each.put("count", stratum.count());
        each.put("sample", stratum.sample());
        each.put("population", stratum.population());
      }
    }
  }

  private void strata(ArrayNode node) {
    for (String name : report.sampling().strata().keySet()) {
      ObjectNode each = node.addObject();
      each.put("value", utf8(name));
      share(each.putObject("leaking"), report.share(name, AuditedRecord::leaks));
      share(each.putObject("readable"), report.share(name, AuditedRecord::isReadable));
    }
  }

  static void interval(ObjectNode node, Interval interval) {
    node.put("low", rounded(interval.low()));
    node.put("high", rounded(interval.high()));
  }

  private void types(ArrayNode node) {
    for (DataType type : report.types()) {
      ObjectNode each = node.addObject();
      each.put("id", type.id());
      each.put("title", type.title());
      each.put("harm", type.harm());
      each.put("findings", report.findings().stream().filter(f -> f.type().equals(type)).count());
      for (Exactness exactness : Exactness.values()) {
        share(each.putObject(exactness.toString()), report.share(type, exactness));
      }
    }
  }

  private void severities(ObjectNode node) {
    for (Severity severity : Severity.values()) {
      node.put(
          severity.toString(),
          report.allFindings().stream().filter(f -> f.severity() == severity).count());
    }
  }

  private void canaries(ArrayNode node) {
    for (Canary.Returned returned : report.canaries()) {
      ObjectNode each = node.addObject();
      each.put("id", utf8(returned.canary().id()));
      each.put("state", returned.state().toString());
      returned.record().ifPresent(record -> each.put("record", utf8(record.name())));
      each.put("recall", rounded(returned.recall()));
      each.put("floor", rounded(returned.floor()));
      each.put("embeddings", returned.embeddings());
    }
  }

  private static void truth(ObjectNode node, TruthCheck truth) {
    rate(node.putObject("exact"), truth.exact());
    node.put("falselyExact", truth.falselyExact());
    rates(node.putObject("recall"), truth.recall());
    rates(node.putObject("presence"), truth.presence());
    rates(node.putObject("precision"), truth.precision());
  }

  private static void rates(ObjectNode node, Map<DataType, Rate> rates) {
    rates.forEach((type, rate) -> rate(node.putObject(type.id()), rate));
  }

  private static void rate(ObjectNode node, Rate rate) {
    node.put("count", rate.count());
    node.put("of", rate.of());
    rate.interval().ifPresent(i -> interval(node, i));
  }

  private void findings(ArrayNode node) {
    for (Located located : Located.of(report)) {
      Finding finding = located.finding();
      ObjectNode each = node.addObject();
      each.put("key", finding.key());
      each.put("index", finding.record().index());
      finding.record().id().ifPresent(id -> each.put("id", utf8(id)));
      finding.record().line().ifPresent(line -> each.put("line", line));
      each.put("type", finding.type().id());
      each.put("severity", finding.severity().toString());
      each.put("exactness", finding.exactness().toString());
      each.put("confidence", rounded(finding.confidence()));
      located.result().ifPresent(result -> result(each, result));
      each.put("state", rendering.isNew(finding) ? "new" : "unchanged");
      if (rendering.reveal() && located.result().isPresent()) {
        each.put("value", utf8(finding.value()));
      }
    }
  }

  private static void result(ObjectNode node, InversionResult result) {
    node.put("verdict", result.verdict().name().toLowerCase(Locale.ROOT));
    node.put("cosine", rounded(result.cosine()));
    node.put("embeddings", result.cost().embedderCalls());
    node.put("seconds", rounded(Wording.seconds(result)));
  }

  private void wholeStore(ObjectNode root) {
    WholeStore store = report.wholeStore();
    store
        .deleted()
        .ifPresent(
            d -> {
              ObjectNode deleted = root.putObject("deleted");
              deleted.put("ids", d.ids());
              deleted.put("stillStored", d.stillStored());
            });
    store
        .known()
        .ifPresent(
            k -> {
              ObjectNode known = root.putObject("known");
              known.put("texts", k.texts());
              ArrayNode found = known.putArray("found");
              for (Membership.Member member : k.found()) {
                ObjectNode each = found.addObject();
                each.put("number", member.number());
                each.put("record", utf8(member.record().name()));
                each.put("cosine", rounded(member.cosine()));
              }
            });
    store.triage().ifPresent(t -> triage(root.putObject("triage"), t));
    ArrayNode shared = root.putArray("shared");
    for (SharedValue value : report.sharedValues()) {
      ObjectNode each = shared.addObject();
      each.put("type", value.type().id());
      names(each.putArray("records"), value.records());
    }
    ObjectNode duplicates = root.putObject("duplicates");
    duplicates.put("groups", store.duplicates().groups());
    duplicates.put("records", store.duplicates().records());
    duplicates.put("oneIn", store.duplicates().oneIn());
    ArrayNode largest = duplicates.putArray("largest");
    for (Duplicates.Group group : store.duplicates().largest()) {
      ObjectNode each = largest.addObject();
      each.put("size", group.size());
      names(each.putArray("examples"), group.examples());
    }
  }

  private static void triage(ObjectNode node, Triage triage) {
    node.put("predicted", triage.predicted());
    node.put("skipped", triage.skipped());
    node.put("tooLong", triage.tooLong());
    node.put("suspected", triage.suspected());
    ObjectNode lengths = node.putObject("lengths");
    triage.lengths().forEach((length, records) -> lengths.put("" + length, records));
    ObjectNode kinds = node.putObject("kinds");
    triage.kinds().forEach((type, records) -> kinds.put(type.id(), records));
    triage
        .quality()
        .ifPresent(
            q -> {
              ObjectNode quality = node.putObject("quality");
              rate(quality.putObject("base"), q.base());
              rate(quality.putObject("precision"), q.precision());
              rate(quality.putObject("recall"), q.recall());
            });
    node.put("inverted", triage.inverted().size());
    node.put("leaking", triage.leaking());
    ArrayNode suspects = node.putArray("suspects");
    for (Triage.Suspect suspect : triage.suspects()) {
      ObjectNode each = suspects.addObject();
      each.put("record", utf8(suspect.record().name()));
      each.put("type", suspect.type().id());
      each.put("suspicion", rounded(suspect.suspicion()));
    }
  }

  private static void names(ArrayNode node, List<RecordId> records) {
    records.forEach(record -> node.add(utf8(record.name())));
  }

  /** Replaces halves of surrogate pairs, which have no UTF-8 form. */
  private static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private static double rounded(double value) {
    return Math.rint(value * 1e6) / 1e6;
  }
}
