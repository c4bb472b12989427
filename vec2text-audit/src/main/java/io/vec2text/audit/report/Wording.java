package io.vec2text.audit.report;

import io.vec2text.InversionResult;
import io.vec2text.Verdict;
import io.vec2text.audit.AuditReport;
import io.vec2text.audit.Canary;
import io.vec2text.audit.Exactness;
import io.vec2text.audit.Finding;
import io.vec2text.audit.PopulationShare;
import io.vec2text.audit.RecordId;
import io.vec2text.audit.Severity;
import io.vec2text.audit.detect.DataType;
import io.vec2text.eval.Interval;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What reports say in words. */
final class Wording {
  private static final int MAX_NAME = 80;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Wording() {}

  /** What to conclude. */
  enum Risk {
    HIGH("High risk: the vectors give away personal data or secrets word for word"),
    MEDIUM("Medium risk: the vectors give away texts, but no personal data was read word for word"),
    LOW("Low risk from this attack: few texts or none could be read"),
    UNKNOWN("Nothing is known: no record was tested");

    private final String headline;

    Risk(String headline) {
      this.headline = headline;
    }

    String headline() {
      return headline;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Set<DataType> CREDENTIALS =
      Set.of(DataType.PASSWORD, DataType.SECRET_KEY, DataType.URL_CREDENTIALS);

  /** The share of readable texts below which the risk from this attack is low. */
  private static final double FEW = 0.02;

  static Risk risk(AuditReport report) {
    boolean severe = report.worst().filter(s -> s.compareTo(Severity.HIGH) >= 0).isPresent();
    boolean suspects = report.wholeStore().triage().filter(t -> t.leaking() > 0).isPresent();
    if (severe || suspects || report.leaking().count() > 0) {
      return Risk.HIGH;
    }
    boolean planted = report.canaries().stream().anyMatch(c -> c.state() == Canary.State.EXACT);
    double readable = report.readable().value().orElse(0.0);
    if (planted || readable > FEW || !report.findings().isEmpty()) {
      return Risk.MEDIUM;
    }
    return report.inverted() == 0 ? Risk.UNKNOWN : Risk.LOW;
  }

  static String title(AuditReport report) {
    return "Leak audit of " + clean(report.subject().source());
  }

  static String date(AuditReport report) {
    return DATE.format(report.subject().date());
  }

  /** What somebody who never heard of inversion must know. */
  static List<String> explanation() {
    return List.of(
        "Search systems keep texts as lists of numbers, called embeddings or vectors. They look"
            + " meaningless, but a program can often turn them back into the text. This audit did"
            + " that with a random sample of the vectors, without using any text of the store, as"
            + " somebody could who gets a copy of the vectors.");
  }

  /** The main figures, a sentence each. */
  static List<String> mainFigures(AuditReport report) {
    List<String> lines = new ArrayList<>();
    AuditReport.Sampling sampling = report.sampling();
    lines.add(
        format(
            "%,d of %,d records were tested%s.",
            report.inverted(),
            sampling.population(),
            sampling.population() == 0
                ? ""
                : report.inverted() == sampling.population()
                    ? ", that is all"
                    : ", drawn at random"));
    lines.add(
        "Personal data or secrets were read word for word from " + counted(report.leaking()) + ".");
    lines.add(
        "The text came back exactly, or with most words right, from "
            + counted(report.readable())
            + "; exactly from "
            + counted(report.share(Verdict.EXACT))
            + ".");
    if (report.inverted() > 0) {
      lines.add(
          format(
              "It took %,d tries (embeddings) and %.1f seconds of computing a record, on average.",
              Math.round((double) report.embeddings() / report.inverted()),
              report.work().toMillis() / 1e3 / report.inverted()));
    }
    if (!report.canaries().isEmpty()) {
      long there = report.canaries().stream().filter(c -> c.record().isPresent()).count();
      long untested =
          report.canaries().stream().filter(c -> c.state() == Canary.State.NOT_TESTED).count();
      long exact = report.canaries().stream().filter(c -> c.state() == Canary.State.EXACT).count();
      lines.add(
          format(
              "Of %,d planted sentences %,d were found in the store, and %,d came back exactly%s.",
              report.canaries().size(),
              there,
              exact,
              untested == 0 ? "" : format("; %,d were not tested", untested)));
    }
    report
        .wholeStore()
        .deleted()
        .ifPresent(
            d ->
                lines.add(
                    format(
                        "Of %,d ids that the source system has deleted, %,d records are still"
                            + " stored.",
                        d.ids(), d.stillStored())));
    report
        .wholeStore()
        .known()
        .ifPresent(
            k ->
                lines.add(
                    format(
                        "Of %,d known texts, %,d are in the store.", k.texts(), k.found().size())));
    report.wholeStore().triage().ifPresent(t -> lines.add(TriageSection.summary(t)));
    if (!report.complete()) {
      lines.add(
          report.sampling().wholeSource()
              ? "The audit was stopped: the figures are about fewer records than were asked for."
              : "The audit was stopped while it read the store: nothing is said of the records"
                  + " that it had not read.");
    }
    return lines;
  }

  /** How the sample was drawn. */
  static String design(AuditReport report) {
    return report.sampling().by().isPresent()
        ? "stratified random sample without replacement, by permanent random numbers, allocated in"
            + " proportion with a least number for each stratum"
        : "simple random sample without replacement, by permanent random numbers";
  }

  /** What to do. */
  static List<String> advice(AuditReport report) {
    List<String> lines = new ArrayList<>();
    switch (risk(report)) {
      case HIGH -> {
        lines.add(
            "Treat the vectors as the documents themselves: the same access rights, encryption,"
                + " retention and deletion, also for backups and for copies at third parties.");
        lines.add("Take out, or mask before embedding, what the table of kinds of data shows.");
        if (report.findings().stream().anyMatch(f -> CREDENTIALS.contains(f.type()))) {
          lines.add("Change the passwords and keys that came back, now.");
        }
        lines.add(
            "If vectors may have left your control, treat that as a leak of the texts and ask your"
                + " data protection officer (GDPR, Articles 33 and 34).");
      }
      case MEDIUM -> {
        lines.add(
            "Treat the vectors as confidential as the documents: the texts can be read from"
                + " them.");
        lines.add("Check by who owns the data whether the texts that came back are confidential.");
      }
      case UNKNOWN -> lines.add("Repeat the audit, and let it come to its end.");
      case LOW ->
          lines.add(
              "Keep access to the vectors restricted all the same: a better attack, or one with"
                  + " knowledge of your texts, may read more.");
    }
    if (report.wholeStore().deleted().filter(d -> d.stillStored() > 0).isPresent()) {
      lines.add(
          "Delete the records that are still stored though the source system has deleted them, also"
              + " from copies and backups, and find out why they were left (GDPR, Article 17).");
    }
    lines.add("Repeat the audit when the embedding model, the store or the data changes.");
    return lines;
  }

  /** Who is assumed to attack, with what. */
  static List<String> attacker(AuditReport report) {
    AuditReport.Subject subject = report.subject();
    List<String> lines = new ArrayList<>();
    lines.add("has a copy of the stored vectors, and neither the texts nor their metadata");
    lines.add("knows the embedding model, and can run it: " + subject.space());
    lines.add(
        format("spends up to %,d embeddings on a record", subject.maxEmbeddings())
            + subject
                .timeLimit()
                .map(t -> format(", and up to %.1f seconds", t.toMillis() / 1e3))
                .orElse(""));
    lines.add(
        "uses the search \"" + subject.search() + "\" of vec2text " + clean(subject.version()));
    lines.add("knows nothing of your texts beforehand: no examples, no names, no vocabulary");
    return lines;
  }

  /** What nobody should conclude. */
  static List<String> notTested(AuditReport report) {
    List<String> lines = new ArrayList<>();
    long untested = report.sampling().population() - report.inverted();
    if (untested > 0) {
      lines.add(
          format(
              "%,d records were not tested. The intervals say what is to be expected of them; a"
                  + " rare secret among them can be missed.",
              untested));
    }
    if (report.sampling().malformed() > 0) {
      lines.add(format("%,d rows held no vector.", report.sampling().malformed()));
    }
    if (report.errors() > 0) {
      lines.add(format("%,d vectors of the sample could not be inverted.", report.errors()));
    }
    if (report.foreign() > 0) {
      lines.add(
          format(
              "%,d vectors of the sample are another model's, or no embeddings%s.",
              report.foreign(), report.subject().searchAnyway() ? "" : ", and were not searched"));
    }
    if (report.tooLong() > 0) {
      lines.add(
          format(
              "%,d texts of the sample are probably longer than the models can write. What they are"
                  + " about still shows, which this audit counts as not leaked.",
              report.tooLong()));
    }
    lines.add(
        "The models know English. Of texts in other languages an attacker with models for them"
            + " would read more.");
    lines.add(
        "Attackers who know some of your texts, train on them, spend more or use better methods"
            + " read more. Methods get better: the audit holds for its date.");
    lines.add(
        "Detectors find kinds of data by their form, mostly English and American ones. What they"
            + " miss, such as rare names, diagnoses or trade secrets, is only counted as readable"
            + " text.");
    lines.add(
        report.wholeStore().known().isPresent()
            ? "Metadata beside the vectors and access rights were not looked at."
            : "Metadata beside the vectors, access rights, and membership of known texts were not"
                + " looked at.");
    return lines;
  }

  /** "3 of 200 (1.5 %; of all 10,000 records 20 to 350, with 95 % confidence)". */
  static String counted(PopulationShare share) {
    if (share.sample() == 0) {
      return "none, as no record was tested";
    }
    String counted =
        format("%,d of %,d (%s)", share.count(), share.sample(), percent(share.value()));
    return share.sample() == share.population()
        ? counted
        : counted
            + format(
                ", so from %,d to %,d of all %,d",
                share.atLeast(), share.atMost(), share.population());
  }

  static String percent(Optional<Double> share) {
    return share.map(s -> format("%.1f %%", 100 * s)).orElse("–");
  }

  /** "0.5–3.2 %" of the store; of one that was inverted whole there is nothing to guess. */
  static String interval(PopulationShare share) {
    return share.sample() == share.population() ? "all tested" : interval(share.interval());
  }

  /** "0.5–3.2 %". */
  static String interval(Optional<Interval> interval) {
    return interval.map(i -> format("%.1f–%.1f %%", 100 * i.low(), 100 * i.high())).orElse("–");
  }

  /** The work that went into a record. */
  static double seconds(InversionResult result) {
    return result.cost().work().toMillis() / 1e3;
  }

  /** What is known of a finding, without what it is. */
  static String sentence(Finding finding) {
    if (finding.type().equals(DataType.DELETED_RECORD)) {
      return format(
          "Record %s was deleted in the source system, and is still stored.",
          name(finding.record()));
    }
    String what = finding.type().title();
    return finding.exactness() == Exactness.VERBATIM
        ? format(
            "The vector of record %s gives away: %s, word for word (probability %.2f).",
            name(finding.record()), what, finding.confidence())
        : format(
            "The vector of record %s shows that its text holds: %s; the value itself did not come"
                + " back reliably (confidence %.2f).",
            name(finding.record()), what, finding.confidence());
  }

  /** What to call a record, on one line. */
  static String name(RecordId record) {
    return clean(record.name());
  }

  /** A text of the store as one short line without control characters. */
  static String clean(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(MAX_NAME)
        .forEach(
            c -> {
              boolean shown =
                  !Character.isISOControl(c)
                      && Character.getType(c) != Character.FORMAT
                      && Character.getType(c) != Character.SURROGATE
                      && Character.getType(c) != Character.LINE_SEPARATOR
                      && Character.getType(c) != Character.PARAGRAPH_SEPARATOR;
              line.appendCodePoint(shown ? c : ' ');
            });
    return line + (text.codePointCount(0, text.length()) > MAX_NAME ? "…" : "");
  }

  static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
