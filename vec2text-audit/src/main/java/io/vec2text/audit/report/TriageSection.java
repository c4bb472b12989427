package io.vec2text.audit.report;

import io.vec2text.audit.Triage;
import io.vec2text.audit.detect.DataType;
import io.vec2text.eval.Rate;
import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.Heading;
import io.vec2text.eval.internal.report.Lines;
import io.vec2text.eval.internal.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The part of a report that is about what was predicted of every record.
 *
 * @param foreign makes texts that come from the store harmless
 */
record TriageSection(Triage triage, UnaryOperator<String> foreign) {
  private static final int LISTED = 20;

  /** What the first page says. */
  static String summary(Triage triage) {
    return Wording.format(
        "By their predicted words %,d of %,d records are suspected to hold personal data or"
            + " secrets; %,d of them were inverted besides the sample, and %,d gave some away word"
            + " for word.",
        triage.suspected(), triage.predicted(), triage.inverted().size(), triage.leaking());
  }

  List<Block> all() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading("All records, by predicted words"));
    blocks.add(
        Lines.notes(
            Wording.format(
                "Words and length of %,d records were predicted from their vectors alone, without"
                    + " inverting them.%s %,d are suspected to hold personal data or secrets. A"
                    + " suspicion is no finding, and a record without one may hold such data: %s",
                triage.predicted(),
                triage.skipped() == 0
                    ? ""
                    : Wording.format(" Of %,d more nothing was.", triage.skipped()),
                triage.suspected(),
                quality())));
    Table kinds = new Table(List.of("suspected", "records"), 1);
    triage.kinds().entrySet().stream()
        .sorted(Map.Entry.<DataType, Long>comparingByValue().reversed())
        .forEach(kind -> kinds.add(kind.getKey().title(), Wording.format("%,d", kind.getValue())));
    if (!kinds.rows().isEmpty()) {
      blocks.add(kinds);
    }
    Table lengths = new Table(List.of("predicted length", "records"), 1);
    int from = 1;
    for (Map.Entry<Integer, Long> length : triage.lengths().entrySet()) {
      lengths.add(
          Wording.format("%d to %d tokens", from, length.getKey()),
          Wording.format("%,d", length.getValue()));
      from = length.getKey() + 1;
    }
    if (!lengths.rows().isEmpty()) {
      blocks.add(lengths);
    }
    blocks.add(Lines.notes(returned()));
    Table suspects = new Table(List.of("record", "suspected most", "suspicion"), 2);
    triage.suspects().stream()
        .limit(LISTED)
        .forEach(
            s ->
                suspects.add(
                    foreign.apply(Wording.name(s.record())),
                    s.type().title(),
                    Wording.format("%.2f", s.suspicion())));
    if (!suspects.rows().isEmpty()) {
      blocks.add(suspects);
    }
    return blocks;
  }

  private String quality() {
    return triage
        .quality()
        .map(
            q ->
                Wording.format(
                    "by the true texts, %s of the suspected records hold some, and %s of those that"
                        + " hold some are suspected; of all, %s hold some.",
                    rate(q.precision()), rate(q.recall()), rate(q.base())))
        .orElse("how often it is right in this store is not known.");
  }

  private static String rate(Rate rate) {
    return Wording.format(
        "%,d of %,d (%s)", rate.count(), rate.of(), Wording.interval(rate.interval()));
  }

  private String returned() {
    return triage.inverted().isEmpty()
        ? "None of them was inverted for that reason."
        : Wording.format(
            "The %,d most suspected ones that are not in the sample were inverted: from %,d of them"
                + " personal data or secrets came back word for word. They are among the findings,"
                + " and count in no share.",
            triage.inverted().size(), triage.leaking());
  }
}
