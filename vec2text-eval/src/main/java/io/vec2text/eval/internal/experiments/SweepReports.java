package io.vec2text.eval.internal.experiments;

import static io.vec2text.eval.internal.report.Figures.format;
import static io.vec2text.eval.internal.report.Figures.percent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import io.vec2text.eval.Bleu;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.Provenance;
import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.EvaluationReport;
import io.vec2text.eval.internal.report.Figures;
import io.vec2text.eval.internal.report.Lines;
import io.vec2text.eval.internal.report.Plot;
import io.vec2text.eval.internal.report.Report;
import io.vec2text.eval.internal.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Shows sweeps as reports. */
public final class SweepReports {
  private static final int EXAMPLES = 3;

  private SweepReports() {}

  /** One table, plots of exact match and token F1, and examples of the last value. */
  public static Report report(SweepEvaluation sweep) {
    List<Block> blocks = new ArrayList<>();
    sweep.points().stream()
        .limit(1)
        .map(p -> p.evaluation().provenance())
        .forEach(p -> blocks.add(Lines.facts(facts(sweep.over(), p))));
    blocks.add(table(sweep));
    blocks.add(
        Lines.notes(
            "exact: equal up to the embedder's normal form, with Wilson's 95 % interval. token F1:"
                + " mean multiset F1 x 100. BLEU: of the corpus, on normal forms, "
                + Bleu.SIGNATURE
                + "."));
    if (sweep.over() == Sweep.Over.DIMENSIONS) {
      blocks.add(
          Lines.notes(
              "naive: puts zeros for missing components; informed: a ridge regression restores"
                  + " them, fitted to sentences of the other split."));
    }
    if (!sweep.complete()) {
      blocks.add(Lines.notes("INCOMPLETE: values that were not finished are missing."));
    }
    if (sweep.errors() > 0) {
      blocks.add(Lines.notes(sweep.errors() + " inversions failed; they count as empty texts."));
    }
    if (sweep.over() != Sweep.Over.DOMAIN) {
      blocks.add(plot(sweep, "exact match", row -> row.exact().value().orElse(0.0)));
      blocks.add(plot(sweep, "token F1", row -> row.tokenF1().mean()));
    }
    if (sweep.showTexts() && !sweep.points().isEmpty()) {
      SweepEvaluation.Point last = sweep.points().get(sweep.points().size() - 1);
      blocks.add(EvaluationReport.examples(last.evaluation(), EXAMPLES));
    }
    return new Report("Inversion by " + sweep.over(), blocks, json(sweep));
  }

  private static List<String> facts(Sweep.Over over, Provenance provenance) {
    return over == Sweep.Over.STEPS || over == Sweep.Over.CANDIDATES
        ? Figures.headWithoutBudget(provenance)
        : Figures.head(provenance);
  }

  private static Table table(SweepEvaluation sweep) {
    Table table =
        new Table(
            List.of(
                "system",
                sweep.over().toString(),
                "tokens",
                "n",
                "exact % [95 %]",
                "token F1",
                "BLEU",
                "cosine",
                "embeddings",
                "s/vector"),
            3);
    for (SweepEvaluation.Point point : sweep.points()) {
      for (Evaluation.Row row : point.evaluation().rows()) {
        table.add(
            point.series(),
            point.label(),
            row.bucket(),
            String.valueOf(row.n()),
            percent(row.exact()),
            format("%.1f", 100 * row.tokenF1().mean()),
            format("%.1f", row.bleu()),
            format("%.4f", row.cosine().mean()),
            format("%.0f", row.embeddings()),
            format("%.3f", row.seconds()));
      }
    }
    return table;
  }

  /** By the value; of searches with more and more steps, by what they cost. */
  private static Plot plot(
      SweepEvaluation sweep, String what, ToDoubleFunction<Evaluation.Row> share) {
    boolean byCost = sweep.over() == Sweep.Over.STEPS;
    ListMultimap<String, Plot.Point> series =
        MultimapBuilder.linkedHashKeys().arrayListValues().build();
    for (SweepEvaluation.Point point : sweep.points()) {
      List<Evaluation.Row> rows = point.evaluation().rows();
      Evaluation.Row all = rows.get(rows.size() - 1);
      series.put(
          point.series(),
          new Plot.Point(
              byCost ? point.label() : "",
              byCost ? all.seconds() : point.value(),
              100 * share.applyAsDouble(all)));
    }
    Plot.Axis x =
        switch (sweep.over()) {
          case STEPS -> Plot.Axis.logarithmic("seconds of work a vector");
          case CANDIDATES -> Plot.Axis.logarithmic("candidates");
          default -> Plot.Axis.linear(sweep.over().toString());
        };
    return new Plot(
        Ascii.toUpperCase(what.charAt(0))
            + what.substring(1)
            + " by "
            + (byCost ? "cost" : sweep.over()),
        x,
        Plot.Axis.percent(what),
        series.asMap().entrySet().stream()
            .map(e -> new Plot.Series(e.getKey(), true, List.copyOf(e.getValue())))
            .toList());
  }

  /** The evaluations, and which value each is of, in the same order. */
  private static ObjectNode json(SweepEvaluation sweep) {
    ObjectNode root =
        EvaluationReport.json(
            sweep.points().stream().map(SweepEvaluation.Point::evaluation).toList());
    root.put("over", sweep.over().toString()).put("complete", sweep.complete());
    ArrayNode points = root.putArray("points");
    for (SweepEvaluation.Point point : sweep.points()) {
      points
          .addObject()
          .put("series", point.series())
          .put("label", point.label())
          .put("value", point.value());
    }
    return root;
  }
}
