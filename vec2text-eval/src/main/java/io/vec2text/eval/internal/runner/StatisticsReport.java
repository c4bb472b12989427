package io.vec2text.eval.internal.runner;

import static io.vec2text.eval.internal.report.Figures.NONE;
import static io.vec2text.eval.internal.report.Figures.format;

import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.Lines;
import io.vec2text.eval.internal.report.Table;
import io.vec2text.search.SearchStatistics;
import java.util.List;

/** Shows where a search spent its time. */
public final class StatisticsReport {
  private StatisticsReport() {}

  /** Where an inverter's time went, and what came of each of its sources of candidates. */
  public static List<Block> blocks(SearchStatistics statistics) {
    Table table = new Table(List.of("source", "embedded", "became the best", "%"), 1);
    for (SearchStatistics.Source source : statistics.sources()) {
      table.add(
          source.name(),
          String.valueOf(source.embedded()),
          String.valueOf(source.improved()),
          source.embedded() == 0
              ? NONE
              : format("%.1f", 100.0 * source.improved() / source.embedded()));
    }
    double total = Math.max(1, statistics.total().toNanos());
    double embedding = statistics.embedding().toNanos() / total;
    double decoding = statistics.decoding().toNanos() / total;
    return List.of(
        table,
        Lines.notes(
            format(
                "time: embedder %.1f %%, decoder %.1f %%, the search itself %.1f %%",
                100 * embedding, 100 * decoding, 100 * (1 - embedding - decoding))));
  }
}
