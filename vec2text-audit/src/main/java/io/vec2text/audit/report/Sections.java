package io.vec2text.audit.report;

import io.vec2text.Verdict;
import io.vec2text.audit.AuditReport;
import io.vec2text.audit.AuditedRecord;
import io.vec2text.audit.Exactness;
import io.vec2text.audit.Finding;
import io.vec2text.audit.PopulationShare;
import io.vec2text.audit.Severity;
import io.vec2text.audit.detect.DataType;
import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.Heading;
import io.vec2text.eval.internal.report.Lines;
import io.vec2text.eval.internal.report.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The parts of a report that are the same in Markdown and in HTML.
 *
 * @param foreign makes texts that come from the store harmless
 */
record Sections(AuditReport report, Rendering rendering, UnaryOperator<String> foreign) {
  /** Findings that are listed at most, and as many planted sentences; JSON and CSV hold all. */
  static final int LISTED = 200;

  /** All that follows the first page. */
  List<Block> details() {
    List<Block> blocks = new ArrayList<>(types());
    blocks.addAll(verdicts());
    blocks.addAll(strata());
    blocks.addAll(findings());
    blocks.addAll(new StoreSections(report, foreign).all());
    blocks.addAll(new KnownTextSections(report, foreign).all());
    blocks.addAll(method());
    return blocks;
  }

  /** By kind of data. */
  List<Block> types() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading("Kinds of data"));
    Table table =
        new Table(
            List.of("kind", "records, word for word", "in the store, 95 %", "kind only", "new"), 1);
    List<DataType> types = new ArrayList<>(report.types());
    types.add(DataType.FULL_TEXT);
    for (DataType type : types) {
      PopulationShare verbatim = report.share(type, Exactness.VERBATIM);
      PopulationShare semantic = report.share(type, Exactness.SEMANTIC);
      long fresh =
          report.findings().stream()
              .filter(f -> f.type().equals(type) && rendering.isNew(f))
              .count();
      if (verbatim.count() + semantic.count() > 0) {
        table.add(
            type.title(),
            Wording.format("%,d", verbatim.count()),
            range(verbatim),
            Wording.format("%,d", semantic.count()),
            Wording.format("%,d", fresh));
      }
    }
    if (table.rows().isEmpty()) {
      blocks.add(Lines.notes("No data of any kind that was looked for came back."));
    } else {
      blocks.add(table);
      blocks.add(
          Lines.notes(
              "\"Kind only\": that there is such data came back, but not reliably the value itself."
                  + " \"New\": findings that no baseline knows. Looked for, and not found: "
                  + missing()
                  + "."));
    }
    return blocks;
  }

  private String missing() {
    List<String> titles =
        report.types().stream()
            .filter(t -> report.findings().stream().noneMatch(f -> f.type().equals(t)))
            .map(DataType::title)
            .toList();
    return titles.isEmpty() ? "nothing" : String.join(", ", titles);
  }

  private static String range(PopulationShare share) {
    return share.sample() == share.population()
        ? Wording.format("%,d", share.count())
        : Wording.format("%,d–%,d", share.atLeast(), share.atMost());
  }

  /** How much of the texts came back. */
  private List<Block> verdicts() {
    Table table = new Table(List.of("what came back", "records", "share", "95 % interval"), 1);
    for (Verdict verdict : Verdict.values()) {
      PopulationShare share = report.share(verdict);
      table.add(
          switch (verdict) {
            case EXACT -> "the text itself (exact)";
            case CLOSE -> "most words (close)";
            case TOPICAL -> "the subject (topical)";
            case FAILED -> "nothing (failed)";
          },
          Wording.format("%,d", share.count()),
          Wording.percent(share.value()),
          Wording.interval(share));
    }
    return List.of(new Heading("How much came back"), table);
  }

  /** By stratum; nothing if there are none. */
  private List<Block> strata() {
    if (report.sampling().by().isEmpty()) {
      return List.of();
    }
    Table table =
        new Table(List.of("value", "records", "tested", "leaking", "95 %", "readable", "95 %"), 1);
    for (Map.Entry<String, Long> stratum : report.sampling().strata().entrySet()) {
      PopulationShare leaking = report.share(stratum.getKey(), AuditedRecord::leaks);
      PopulationShare readable = report.share(stratum.getKey(), AuditedRecord::isReadable);
      table.add(
          stratum.getKey().isEmpty()
              ? "(no value)"
              : foreign.apply(Wording.clean(stratum.getKey())),
          Wording.format("%,d", stratum.getValue()),
          Wording.format("%,d", leaking.sample()),
          Wording.percent(leaking.value()),
          Wording.interval(leaking),
          Wording.percent(readable.value()),
          Wording.interval(readable));
    }
    return List.of(
        new Heading("By " + foreign.apply(Wording.clean(report.sampling().by().get()))),
        Lines.notes(
            "Shares of the whole store weigh these by their records, as small groups are tested"
                + " more closely than large ones."),
        table);
  }

  /** The findings, worst first. */
  private List<Block> findings() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading("Findings"));
    List<String> header =
        new ArrayList<>(
            List.of(
                "severity",
                "record",
                "kind",
                "came back",
                "state",
                "key",
                "confidence",
                "embeddings",
                "seconds"));
    if (rendering.reveal()) {
      header.add("value");
    }
    Table table = new Table(header, 6);
    List<Located> rows = new ArrayList<>(Located.of(report));
    rows.sort(Comparator.comparing((Located row) -> row.finding().severity()).reversed());
    for (Located row : rows.subList(0, Math.min(LISTED, rows.size()))) {
      Finding f = row.finding();
      List<String> cells =
          new ArrayList<>(
              List.of(
                  f.severity().toString(),
                  foreign.apply(Wording.name(f.record())),
                  f.type().title(),
                  cameBack(row),
                  rendering.isNew(f) ? "new" : "unchanged",
                  f.key(),
                  Wording.format("%.2f", f.confidence()),
                  row.result()
                      .map(r -> Wording.format("%,d", r.cost().embedderCalls()))
                      .orElse("–"),
                  row.result().map(r -> Wording.format("%.1f", Wording.seconds(r))).orElse("–")));
      if (rendering.reveal()) {
        cells.add(foreign.apply(Wording.clean(f.value())));
      }
      table.add(cells);
    }
    if (rows.isEmpty()) {
      blocks.add(Lines.notes("None."));
      return blocks;
    }
    blocks.add(Lines.notes(counts()));
    blocks.add(table);
    if (rows.size() > LISTED) {
      blocks.add(
          Lines.notes(
              Wording.format("The first %,d of %,d; JSON and CSV hold all.", LISTED, rows.size())));
    }
    return blocks;
  }

  private static String cameBack(Located row) {
    if (row.result().isEmpty()) {
      return "–";
    }
    return row.finding().exactness() == Exactness.VERBATIM ? "word for word" : "kind only";
  }

  /** How many findings there are of each severity. */
  String counts() {
    List<String> counts = new ArrayList<>();
    for (Severity severity : Severity.worstFirst()) {
      long count = report.allFindings().stream().filter(f -> f.severity() == severity).count();
      counts.add(Wording.format("%,d %s", count, severity));
    }
    String state =
        rendering
            .baseline()
            .map(
                b ->
                    Wording.format(
                        "; %,d new, %,d of the baseline absent",
                        rendering.newFindings(report).size(), b.absent(report)))
            .orElse("");
    return "Findings: " + String.join(", ", counts) + state + ".";
  }

  /** How it was done. */
  private List<Block> method() {
    AuditReport.Subject subject = report.subject();
    AuditReport.Sampling sampling = report.sampling();
    List<String> facts = new ArrayList<>();
    facts.add("date: " + Wording.date(report) + ", vec2text " + subject.version());
    facts.add("source: " + foreign.apply(Wording.clean(subject.source())));
    facts.add("space: " + subject.space());
    facts.add(
        Wording.format(
            "rows: %,d, of which %,d without a vector; %,d records, %,d drawn of %,d asked for",
            sampling.rows(),
            sampling.malformed(),
            sampling.population(),
            sampling.drawn(),
            sampling.requested()));
    facts.add("sample: " + Wording.design(report) + ", seed " + subject.seed());
    facts.add(
        "intervals: exact, by the hypergeometric distribution; severity: harm of the kind times"
            + " 1 (word for word) or 0.4 (kind only) times confidence, critical from 0.8, high from"
            + " 0.5, medium from 0.25");
    facts.add(
        Wording.format(
            "effort: %,d embeddings, %.0f seconds of computing in all",
            report.embeddings(), report.work().toMillis() / 1e3));
    for (Map.Entry<String, String> version : new TreeMap<>(subject.versions()).entrySet()) {
      facts.add(version.getKey() + ": " + version.getValue());
    }
    return List.of(
        new Heading("The attacker"),
        Lines.facts(Wording.attacker(report)),
        new Heading("What was not tested"),
        Lines.facts(Wording.notTested(report)),
        new Heading("Method"),
        Lines.facts(facts),
        new Heading("References"),
        Lines.facts(
            List.of(
                "OWASP Top 10 for LLM applications: LLM08:2025 and LLM09:2026 (vector and embedding"
                    + " weaknesses)",
                "MITRE ATLAS AML.T0024.001 (invert a model)",
                "CWE-200 (exposure of sensitive information), CWE-285 (improper authorization)",
                "GDPR Recital 26 (means reasonably likely to be used)")));
  }
}
