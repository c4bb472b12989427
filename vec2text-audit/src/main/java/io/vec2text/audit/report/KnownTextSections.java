package io.vec2text.audit.report;

import io.vec2text.audit.AuditReport;
import io.vec2text.audit.Canary;
import io.vec2text.audit.TruthCheck;
import io.vec2text.audit.detect.DataType;
import io.vec2text.eval.Rate;
import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.Heading;
import io.vec2text.eval.internal.report.Lines;
import io.vec2text.eval.internal.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The parts of a report that rest on texts that are known, planted ones or those of the records.
 *
 * @param foreign makes texts that come from the store harmless
 */
record KnownTextSections(AuditReport report, UnaryOperator<String> foreign) {

  /** All that have something to say. */
  List<Block> all() {
    List<Block> blocks = new ArrayList<>(canaries());
    blocks.addAll(truth());
    return blocks;
  }

  /** What became of planted sentences; nothing if there are none. */
  private List<Block> canaries() {
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
        .limit(Sections.LISTED)
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
  private List<Block> truth() {
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
}
