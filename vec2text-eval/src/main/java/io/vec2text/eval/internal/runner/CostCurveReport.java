package io.vec2text.eval.internal.runner;

import static io.vec2text.eval.internal.report.Figures.NONE;
import static io.vec2text.eval.internal.report.Figures.difference;
import static io.vec2text.eval.internal.report.Figures.format;
import static io.vec2text.eval.internal.report.Figures.percent;

import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.Plot;
import io.vec2text.eval.internal.report.Table;
import java.util.List;

/** Shows quality against cost. */
public final class CostCurveReport {
  private CostCurveReport() {}

  /** Quality against cost as a table; gains are over the first inverter, text by text. */
  public static List<Block> blocks(List<CostCurve> curves) {
    Table table =
        new Table(
            List.of(
                "inverter",
                "embeddings",
                "s/vector",
                "exact % [95 %]",
                "gain [95 %]",
                "token F1",
                "gain [95 %]"),
            1);
    for (CostCurve curve : curves) {
      for (CostCurve.Point point : curve.points()) {
        table.add(
            curve.inverter(),
            String.valueOf(point.embeddings()),
            format("%.3f", point.seconds()),
            percent(point.exact()),
            point.exactGain().map(g -> difference("%+.1f", 100, g)).orElse(NONE),
            format("%.1f", 100 * point.tokenF1().mean()),
            point.f1Gain().map(g -> difference("%+.1f", 100, g)).orElse(NONE));
      }
    }
    return List.of(table, plot(curves));
  }

  private static Plot plot(List<CostCurve> curves) {
    return new Plot(
        "Texts recovered exactly, by embeddings spent on each",
        Plot.Axis.logarithmic("embeddings a vector"),
        Plot.Axis.percent("exact match"),
        curves.stream()
            .map(
                curve ->
                    new Plot.Series(
                        curve.inverter(),
                        true,
                        curve.points().stream()
                            .map(
                                p ->
                                    new Plot.Point(
                                        "", p.embeddings(), 100 * p.exact().value().orElse(0.0)))
                            .toList()))
            .toList());
  }
}
