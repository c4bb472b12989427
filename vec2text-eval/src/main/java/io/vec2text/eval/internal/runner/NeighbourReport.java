package io.vec2text.eval.internal.runner;

import static io.vec2text.eval.internal.report.Figures.format;
import static io.vec2text.eval.internal.report.Figures.name;

import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.Lines;
import io.vec2text.eval.internal.report.Table;
import java.util.List;

/** Shows checks of wrong neighbours. */
public final class NeighbourReport {
  private NeighbourReport() {}

  /** A check of wrong neighbours as a table. */
  public static List<Block> blocks(NeighbourCheck check) {
    Table table =
        new Table(
            List.of(
                "tokens",
                "stored as",
                "texts",
                "detected",
                "called exact",
                "wrong neighbours",
                "called exact",
                "closest",
                "own cosine, lowest"),
            2);
    for (NeighbourCheck.Row row : check.rows()) {
      table.add(
          row.bucket(),
          name(row.storage()),
          String.valueOf(row.right().of()),
          String.valueOf(row.detected().count()),
          String.valueOf(row.right().count()),
          String.valueOf(row.wrong().of()),
          String.valueOf(row.wrong().count()),
          format("%.7f", row.closest()),
          format("%.7f", row.lowest()));
    }
    return check.complete()
        ? List.of(table)
        : List.of(
            table,
            Lines.notes("CANCELLED: the figures are of the texts that were finished before."));
  }
}
