package io.vec2text.eval.internal.experiments;

import static io.vec2text.eval.internal.report.Figures.NONE;
import static io.vec2text.eval.internal.report.Figures.format;
import static io.vec2text.eval.internal.report.Figures.percent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.eval.Bleu;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.EvaluationReport;
import io.vec2text.eval.internal.report.Figures;
import io.vec2text.eval.internal.report.Heading;
import io.vec2text.eval.internal.report.Lines;
import io.vec2text.eval.internal.report.Plot;
import io.vec2text.eval.internal.report.Report;
import io.vec2text.eval.internal.report.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Shows tables of systems as reports. */
public final class TableReports {
  private static final int EXAMPLES = 2;

  /** Columns of a row's figures. */
  private static final int FIGURES = 7;

  private TableReports() {}

  /**
   * A table for each setting, the published one beside them, plots of quality against cost, and
   * examples of the last system that searches.
   */
  public static Report report(TableEvaluation table) {
    List<Block> blocks = new ArrayList<>();
    table.evaluations().stream()
        .limit(1)
        .forEach(first -> blocks.add(Lines.facts(Figures.headWithoutBudget(first.provenance()))));
    for (String setting : table.settings()) {
      blocks.add(new Heading(title(setting)));
      blocks.add(table(table, setting));
    }
    blocks.add(notes(table));
    if (!table.complete()) {
      blocks.add(Lines.notes("INCOMPLETE: systems that were not finished are missing."));
    }
    if (table.errors() > 0) {
      blocks.add(Lines.notes(table.errors() + " inversions failed; they count as empty texts."));
    }
    blocks.add(new Heading(table.published().title()));
    blocks.add(published(table.published()));
    blocks.add(Lines.notes(table.published().notes()));
    for (String setting : table.settings()) {
      blocks.add(plot(table, setting, "exact match", row -> row.exact().value().orElse(0.0)));
      blocks.add(plot(table, setting, "token F1", row -> row.tokenF1().mean()));
    }
    if (table.showTexts()) {
      examples(table).ifPresent(blocks::add);
    }
    return new Report("Systems that invert embeddings", blocks, json(table));
  }

  private static Lines notes(TableEvaluation table) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "exact: equal up to the embedder's normal form, with Wilson's 95 % interval. token F1: mean"
            + " multiset F1 x 100. BLEU: of the corpus, on normal forms, "
            + Bleu.SIGNATURE
            + ".");
    notes.add(
        "embeddings: texts embedded for one vector; s/vector: work on it, embeddings included."
            + " Other searches than the pool search may spend what they need; none spends more than"
            + " 200 on a text that seems longer than the models write.");
    notes.add(
        "feedback withheld: the corrector gets the target's vector for the hypothesis's, no"
            + " hypothesis is embedded, and where some must be kept, the most probable are. The"
            + " corrector was trained with feedback; one trained without may do better.");
    notes.add(
        "with feedback: the closest text that was ever embedded is returned, other than in the"
            + " published system, which returns one of the last step.");
    for (TableEvaluation.Row row : table.rows()) {
      if (row.evaluation().isPresent() && !row.remark().isEmpty()) {
        notes.add(
            row.system() + ", feedback " + row.feedback().shown() + ": " + row.remark() + ".");
      }
    }
    notes.add("floors: what a system scores that is handed another vector.");
    return Lines.notes(notes);
  }

  private static String title(String setting) {
    if (setting.equals(SystemsTable.CUT)) {
      return "Passages cut to " + setting + " tokens";
    }
    return setting.equals(EvaluationSet.ALL) ? "All texts" : "Sentences of " + setting + " tokens";
  }

  private static Table table(TableEvaluation evaluation, String setting) {
    Table table =
        new Table(
            List.of(
                "system",
                "feedback",
                "n",
                "exact % [95 %]",
                "token F1",
                "BLEU",
                "cosine",
                "embeddings",
                "s/vector"),
            2);
    for (TableEvaluation.Row system : evaluation.rows()) {
      Optional<Evaluation.Row> row = row(system, setting);
      boolean measured = system.evaluation().isPresent();
      List<String> cells = new ArrayList<>();
      cells.add(measured ? system.system() : system.system() + ": " + system.remark());
      cells.add(system.feedback().shown());
      cells.addAll(row.map(TableReports::cells).orElse(Collections.nCopies(FIGURES, NONE)));
      table.add(cells);
    }
    return table;
  }

  private static Optional<Evaluation.Row> row(TableEvaluation.Row system, String setting) {
    return system.evaluation().stream()
        .flatMap(e -> e.rows().stream())
        .filter(row -> row.bucket().equals(setting))
        .findFirst();
  }

  private static List<String> cells(Evaluation.Row row) {
    return List.of(
        String.valueOf(row.n()),
        percent(row.exact()),
        format("%.1f", 100 * row.tokenF1().mean()),
        format("%.1f", row.bleu()),
        format("%.4f", row.cosine().mean()),
        format("%.0f", row.embeddings()),
        format("%.3f", row.seconds()));
  }

  private static Table published(PublishedFigures published) {
    Table table = new Table(List.of("system", "exact %", "token F1", "BLEU", "cosine"), 1);
    for (PublishedFigures.Row figures : published.rows()) {
      table.add(
          figures.system(),
          format("%.1f", figures.exact()),
          format("%.0f", figures.tokenF1()),
          format("%.1f", figures.bleu()),
          format("%.2f", figures.cosine()));
    }
    return table;
  }

  private static Plot plot(
      TableEvaluation table, String setting, String what, ToDoubleFunction<Evaluation.Row> share) {
    List<Plot.Series> series = new ArrayList<>();
    for (Feedback feedback : Feedback.values()) {
      List<Plot.Point> points = new ArrayList<>();
      for (TableEvaluation.Row system : table.rows()) {
        if (system.feedback() == feedback) {
          row(system, setting)
              .ifPresent(
                  row ->
                      points.add(
                          new Plot.Point(
                              system.system(), row.seconds(), 100 * share.applyAsDouble(row))));
        }
      }
      series.add(new Plot.Series(feedback.legend(), false, points));
    }
    return new Plot(
        "Quality against cost: " + what + ". " + title(setting),
        Plot.Axis.logarithmic("seconds of work a vector"),
        Plot.Axis.percent(what),
        series);
  }

  private static Optional<Block> examples(TableEvaluation table) {
    return table.rows().stream()
        .filter(row -> row.feedback() == Feedback.WITH)
        .flatMap(row -> row.evaluation().stream())
        .reduce((first, second) -> second)
        .map(e -> EvaluationReport.examples(e, EXAMPLES));
  }

  /** The evaluations, and which system each is of, in the same order. */
  private static ObjectNode json(TableEvaluation table) {
    ObjectNode root = EvaluationReport.json(table.evaluations());
    root.put("complete", table.complete());
    ArrayNode systems = root.putArray("systems");
    for (TableEvaluation.Row row : table.rows()) {
      systems
          .addObject()
          .put("system", row.system())
          .put("feedback", row.feedback().shown())
          .put("measured", row.evaluation().isPresent())
          .put("remark", row.remark());
    }
    return root;
  }
}
