package io.vec2text.audit.report;

import io.vec2text.Verdict;
import io.vec2text.audit.AuditReport;
import io.vec2text.audit.AuditedRecord;
import io.vec2text.audit.Canary;
import io.vec2text.audit.Exactness;
import io.vec2text.audit.Finding;
import io.vec2text.audit.PopulationShare;
import io.vec2text.audit.Severity;
import io.vec2text.audit.TruthCheck;
import io.vec2text.audit.detect.DataType;
import io.vec2text.eval.Rate;
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
  /** Findings and canaries that are listed at most; JSON and CSV hold all. */
  private static final int LISTED = 200;

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
  List<Block> verdicts() {
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
  List<Block> strata() {
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
  List<Block> findings() {
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

  /** What is about several records. */
  StoreSections store() {
    return new StoreSections(report, foreign);
  }

  /** What became of planted sentences; nothing if there are none. */
  List<Block> canaries() {
    List<Block> blocks = new ArrayList<>();
    if (report.canaries().isEmpty()) {
      return blocks;
    }
    blocks.add(new Heading("Planted sentences"));
    long found = report.canaries().stream().filter(c -> c.record().isPresent()).count();
    long tested =
        report.canaries().stream()
            .filter(c -> c.state() == Canary.State.EXACT || c.state() == Canary.State.PARTIAL)
            .count();
    long exact = report.canaries().stream().filter(c -> c.state() == Canary.State.EXACT).count();
    Rate rate = new Rate((int) exact, (int) tested);
    blocks.add(
        Lines.notes(
            Wording.format(
                "%,d planted, %,d found in the store, %,d tested, %,d came back exactly (95 %%"
                    + " interval %s)."
                    + " The floor is what the text of another planted sentence has in common by"
                    + " chance.",
                report.canaries().size(),
                found,
                tested,
                exact,
                Wording.interval(rate.interval()))));
    Table table =
        new Table(List.of("sentence", "state", "record", "words back", "floor", "embeddings"), 3);
    report.canaries().stream()
        .limit(LISTED)
        .forEach(
            c ->
                table.add(
                    foreign.apply(Wording.clean(c.canary().id())),
                    c.state().toString().replace('-', ' '),
                    c.record().map(r -> foreign.apply(Wording.name(r))).orElse("–"),
                    Wording.format("%.0f %%", 100 * c.recall()),
                    Wording.format("%.0f %%", 100 * c.floor()),
                    Wording.format("%,d", c.embeddings())));
    blocks.add(table);
    return blocks;
  }

  /** What came back beside the true texts; nothing if these are unknown. */
  List<Block> truth() {
    List<Block> blocks = new ArrayList<>();
    if (report.truth().isEmpty()) {
      return blocks;
    }
    TruthCheck truth = report.truth().get();
    blocks.add(new Heading("Beside the true texts"));
    blocks.add(
        Lines.notes(
            Wording.format(
                "Of %,d records whose text is known %,d came back exactly (95 %% interval %s);"
                    + " %,d were called exact and are not.",
                truth.exact().of(),
                truth.exact().count(),
                Wording.interval(truth.exact().interval()),
                truth.falselyExact())));
    Table table =
        new Table(
            List.of(
                "kind",
                "values in the texts",
                "came back",
                "95 % interval",
                "kind known",
                "claimed",
                "right"),
            1);
    List<DataType> types = new ArrayList<>(report.types());
    types.add(DataType.FULL_TEXT);
    for (DataType type : types) {
      Rate recall = truth.recall().getOrDefault(type, new Rate(0, 0));
      Rate presence = truth.presence().getOrDefault(type, new Rate(0, 0));
      Rate precision = truth.precision().getOrDefault(type, new Rate(0, 0));
      if (recall.of() + precision.of() > 0) {
        table.add(
            type.title(),
            type.equals(DataType.FULL_TEXT) ? "–" : String.valueOf(recall.of()),
            type.equals(DataType.FULL_TEXT) ? "–" : String.valueOf(recall.count()),
            Wording.interval(recall.interval()),
            Wording.percent(presence.value()),
            String.valueOf(precision.of()),
            String.valueOf(precision.count()));
      }
    }
    if (!table.rows().isEmpty()) {
      blocks.add(table);
    }
    return blocks;
  }

  /** How it was done. */
  List<Block> method() {
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
