package io.vec2text.eval.internal.runner;

import static io.vec2text.eval.internal.report.Figures.NONE;
import static io.vec2text.eval.internal.report.Figures.format;
import static io.vec2text.eval.internal.report.Figures.head;

import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.Lines;
import io.vec2text.eval.internal.report.Table;
import java.util.ArrayList;
import java.util.List;

/** Shows what inverters say of passages. */
public final class PassageReport {
  private PassageReport() {}

  /** An evaluation on passages as a table, with how it was made. */
  public static List<Block> blocks(PassageEvaluation evaluation) {
    List<String> header =
        new ArrayList<>(
            List.of("tokens", "n", "called exact", "beyond range", "length error", "length bias"));
    List<PassageEvaluation.Row> rows = evaluation.rows();
    rows.stream()
        .limit(1)
        .flatMap(row -> row.words().stream())
        .forEach(list -> header.add("top " + list.top() + " % (stated)"));
    header.addAll(List.of("recall %", "cosine", "embeddings", "s/vector"));
    Table table = new Table(header, 0);
    int errors = 0;
    for (PassageEvaluation.Row row : rows) {
      List<String> cells = new ArrayList<>();
      cells.add(String.valueOf(row.tokens()));
      cells.add(String.valueOf(row.n()));
      cells.add(String.valueOf(row.exactVerdicts().count()));
      cells.add(String.valueOf(row.exceedsSupportedLength().count()));
      cells.add(row.lengthError().map(v -> format("%.1f", v)).orElse(NONE));
      cells.add(row.lengthBias().map(v -> format("%+.1f", v)).orElse(NONE));
      for (PassageEvaluation.WordList list : row.words()) {
        cells.add(
            list.occur().value().map(v -> format("%.1f", 100 * v)).orElse(NONE)
                + list.stated().map(v -> format(" (%.1f)", 100 * v)).orElse(""));
      }
      cells.add(row.recall().map(v -> format("%.1f", 100 * v)).orElse(NONE));
      cells.add(format("%.4f", row.cosine()));
      cells.add(format("%.0f", row.embeddings()));
      cells.add(format("%.3f", row.seconds()));
      table.add(cells);
      errors += row.errors();
    }
    List<String> facts = new ArrayList<>(head(evaluation.provenance()));
    facts.add("inverter: " + evaluation.provenance().inverter());
    List<String> notes = new ArrayList<>();
    notes.add(
        "called exact: verdicts 'exact', all wrong unless the inverter writes passages. length:"
            + " stated less true, in tokens.");
    notes.add(
        "top k: share of the k most probable words that occur, and the mean probability stated for"
            + " them.");
    notes.add(
        "recall: share of a passage's words of four characters and more that are named, if of all"
            + " passages only so many are, most probable first, that 80 % occur.");
    if (errors > 0) {
      notes.add(errors + " inversions failed; they count in no figure.");
    }
    if (!evaluation.complete()) {
      notes.add("CANCELLED: the figures are of the passages that were finished before.");
    }
    return List.of(Lines.facts(facts), table, Lines.notes(notes));
  }
}
