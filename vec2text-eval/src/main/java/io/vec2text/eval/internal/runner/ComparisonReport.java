package io.vec2text.eval.internal.runner;

import static io.vec2text.eval.internal.report.Figures.difference;
import static io.vec2text.eval.internal.report.Figures.format;

import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.Lines;
import io.vec2text.eval.internal.report.Table;
import java.util.List;

/** Shows comparisons. */
public final class ComparisonReport {
  private ComparisonReport() {}

  /** Comparisons as a table: differences in per cent, BLEU and cosine, with p-values. */
  public static List<Block> blocks(List<Comparison> comparisons) {
    Table table =
        new Table(
            List.of(
                "inverter",
                "compared with",
                "exact % [95 %]",
                "p",
                "token F1 [95 %]",
                "p",
                "BLEU [95 %]",
                "p",
                "cosine [95 %]",
                "p"),
            2);
    for (Comparison comparison : comparisons) {
      table.add(
          comparison.inverter(),
          comparison.baseline(),
          difference("%+.1f", 100, comparison.exact()),
          format("%.4f", comparison.exact().pValue()),
          difference("%+.1f", 100, comparison.tokenF1()),
          format("%.4f", comparison.tokenF1().pValue()),
          difference("%+.1f", 1, comparison.bleu()),
          format("%.4f", comparison.bleu().pValue()),
          difference("%+.4f", 1, comparison.cosine()),
          format("%.4f", comparison.cosine().pValue()));
    }
    return List.of(
        table,
        Lines.notes(
            "p: how likely a difference as large would be if there were none, by a paired"
                + " bootstrap."));
  }
}
