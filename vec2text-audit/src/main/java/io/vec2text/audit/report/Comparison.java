package io.vec2text.audit.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import io.vec2text.audit.AuditException;
import io.vec2text.audit.PopulationShare;
import io.vec2text.audit.Severity;
import io.vec2text.eval.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Two audits side by side: what is new, what is gone, and whether shares have changed.
 *
 * @param older what the earlier audit was of
 * @param newer what the later audit was of
 * @param warnings in what the audits differ besides the store, a sentence each: then their figures
 *     may differ for that reason alone
 * @param shares the shares of both, those of kinds of data only where one of them has such a record
 * @param added findings that only the later one has, worst first
 * @param gone findings that only the earlier one has, worst first; of a sample a record may have
 *     left it
 * @param same findings that both have, as the later one has them, worst first
 */
public record Comparison(
    String older,
    String newer,
    List<String> warnings,
    List<Share> shares,
    List<Entry> added,
    List<Entry> gone,
    List<Entry> same) {

  /** Copies. */
  public Comparison {
    warnings = ImmutableList.copyOf(warnings);
    shares = ImmutableList.copyOf(shares);
    added = ImmutableList.copyOf(added);
    gone = ImmutableList.copyOf(gone);
    same = ImmutableList.copyOf(same);
  }

  /**
   * A share in both audits.
   *
   * @param name what has it: {@code leaking}, {@code readable}, {@code exact}, or the id of a kind
   *     of data that came back word for word
   * @param before of the earlier audit
   * @param after of the later one
   */
  public record Share(String name, PopulationShare before, PopulationShare after) {

    /** The 95 % interval of the change; empty if one of the samples is. */
    public Optional<Interval> change() {
      return after.minus(before);
    }

    /** Whether the change is more than chance explains. */
    public boolean changed() {
      return change().filter(i -> i.low() > 0 || i.high() < 0).isPresent();
    }
  }

  /**
   * A finding of a report, without what came back.
   *
   * @param key its key, the same in both reports
   * @param record the name of its record
   * @param type the id of its kind of data
   * @param severity how bad it is
   * @param exactness {@code verbatim} or {@code semantic}
   */
  public record Entry(
      String key, String record, String type, Severity severity, String exactness) {}

  /**
   * Compares two reports that {@link Reports#json} wrote.
   *
   * @param older the earlier one
   * @param olderName what to call it in messages
   * @param newer the later one
   * @param newerName what to call it in messages
   * @throws AuditException if one is none
   */
  public static Comparison of(byte[] older, String olderName, byte[] newer, String newerName) {
    JsonNode before = JsonReport.read(older, olderName);
    JsonNode after = JsonReport.read(newer, newerName);
    try {
      return of(before, after);
    } catch (IllegalArgumentException e) {
      throw new AuditException(
          olderName + " and " + newerName + ": can't be compared, " + e.getMessage());
    }
  }

  private static Comparison of(JsonNode before, JsonNode after) {
    Map<String, Entry> old = entries(before);
    Map<String, Entry> now = entries(after);
    return new Comparison(
        before.at("/subject/source").asText(),
        after.at("/subject/source").asText(),
        warnings(before, after),
        shares(before, after),
        worstFirst(now, key -> !old.containsKey(key)),
        worstFirst(old, key -> !now.containsKey(key)),
        worstFirst(now, old::containsKey));
  }

  private static Map<String, Entry> entries(JsonNode report) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (JsonNode finding : report.path("findings")) {
      String key = finding.path("key").asText();
      String severity = finding.path("severity").asText();
      entries.put(
          key,
          new Entry(
              key,
              finding.path("id").asText("#" + finding.path("index").asText()),
              finding.path("type").asText(),
              Severity.parse(severity)
                  .orElseThrow(
                      () -> new IllegalArgumentException("\"" + severity + "\" is no severity")),
              finding.path("exactness").asText()));
    }
    return entries;
  }

  private static List<Entry> worstFirst(
      Map<String, Entry> entries, Function<String, Boolean> kept) {
    return entries.values().stream()
        .filter(entry -> kept.apply(entry.key))
        .sorted(
            Comparator.comparing(Entry::severity)
                .reversed()
                .thenComparing(Entry::type)
                .thenComparing(Entry::record))
        .toList();
  }

  private static List<Share> shares(JsonNode before, JsonNode after) {
    List<Share> shares = new ArrayList<>();
    for (String name : List.of("leaking", "readable", "exact")) {
      String place = "/shares/" + name;
      shares.add(new Share(name, share(before.at(place)), share(after.at(place))));
    }
    for (JsonNode type : after.path("types")) {
      String id = type.path("id").asText();
      for (JsonNode old : before.path("types")) {
        if (old.path("id").asText().equals(id)) {
          Share share = new Share(id, share(old.path("verbatim")), share(type.path("verbatim")));
          if (share.before.count() + share.after.count() > 0) {
            shares.add(share);
          }
        }
      }
    }
    return shares;
  }

  private static PopulationShare share(JsonNode share) {
    if (share.has("strata")) {
      List<PopulationShare> strata = new ArrayList<>();
      share.path("strata").forEach(stratum -> strata.add(share(stratum)));
      return PopulationShare.ofStrata(strata);
    }
    return new PopulationShare(
        share.path("count").asLong(),
        share.path("sample").asLong(),
        share.path("population").asLong());
  }

  private static List<String> warnings(JsonNode before, JsonNode after) {
    List<String> warnings = new ArrayList<>();
    Map<String, String> places = new LinkedHashMap<>();
    places.put("model", "/subject/space");
    places.put("versions", "/subject/versions");
    places.put("program", "/subject/version");
    places.put("search", "/subject/search");
    places.put("embeddings a record", "/subject/maxEmbeddings");
    places.put("seconds a record", "/subject/maxSeconds");
    places.put("search of foreign vectors", "/subject/searchAnyway");
    places.put("sample asked for", "/sampling/requested");
    places.put("seed", "/subject/seed");
    places.put("field of strata", "/sampling/by");
    places.forEach(
        (name, place) -> {
          JsonNode old = before.at(place);
          JsonNode now = after.at(place);
          if (!old.equals(now)) {
            warnings.add("another " + name + ": " + said(old) + " before, " + said(now) + " now");
          }
        });
    if (!before.path("complete").asBoolean()) {
      warnings.add("the earlier audit was stopped before its end");
    }
    if (!after.path("complete").asBoolean()) {
      warnings.add("the later audit was stopped before its end");
    }
    return warnings;
  }

  private static String said(JsonNode value) {
    if (value.isMissingNode()) {
      return "none";
    }
    List<String> values = new ArrayList<>();
    value.forEach(each -> values.add(each.asText()));
    return Wording.clean(value.isObject() ? String.join(" ", values) : value.asText());
  }

  /** As JSON. */
  public String json() {
    return ComparisonReport.json(this);
  }

  /** As Markdown. */
  public String markdown() {
    return ComparisonReport.markdown(this);
  }
}
