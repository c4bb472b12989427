package io.vec2text.eval.internal.defence;

import static io.vec2text.eval.internal.report.Figures.NONE;
import static io.vec2text.eval.internal.report.Figures.format;
import static io.vec2text.eval.internal.report.Figures.percent;
import static io.vec2text.eval.internal.report.Figures.put;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.Figures;
import io.vec2text.eval.internal.report.Lines;
import io.vec2text.eval.internal.report.Plot;
import io.vec2text.eval.internal.report.Report;
import io.vec2text.eval.internal.report.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Shows evaluations of defences as reports. */
public final class DefenceReports {
  private DefenceReports() {}

  /** Two tables, every defence with its attackers and leak against retrieval, and plots. */
  public static Report report(DefenceEvaluation evaluation) {
    List<String> facts = new ArrayList<>(Figures.head(evaluation.provenance()));
    facts.add(
        format(
            "inverter: %s; %d documents, %d queries, at most %d known pairs",
            evaluation.provenance().inverter(),
            evaluation.documents(),
            evaluation.queries(),
            evaluation.pairs()));
    evaluation.training().ifPresent(source -> facts.add("trained attacker: " + source));
    List<Block> blocks = new ArrayList<>();
    blocks.add(Lines.facts(facts));
    blocks.add(table(evaluation));
    blocks.add(
        Lines.notes(
            "attacker: naive inverts stored vectors as they are; informed knows the defence, but"
                + " not its key, and the most pairs, and does to the vectors of guesses what was"
                + " done to the target where that takes neither secret nor chance"
                + (evaluation.training().isEmpty()
                    ? "."
                    : "; trained does so, too, and trains on pairs of its own to restore vectors,"
                        + " where that takes no secret and naive does not suffice."),
            "cosine: of what is inverted with the original vector; in brackets what the formula of"
                + " the noise gives.",
            "exact, token F1: in % with 95 % intervals, by tokens of the sentence. pairs to break:"
                + " the fewest known pairs with which both are back in the intervals of the"
                + " undefended store; own: without a secret, attackers make their pairs"
                + " themselves."));
    blocks.add(Lines.notes("Leakage against retrieval, of all sentences together, in %:"));
    blocks.add(curve(evaluation));
    blocks.add(plot(evaluation));
    List<String> notes = new ArrayList<>();
    if (evaluation.errors() > 0) {
      notes.add(evaluation.errors() + " inversions failed; they count as empty texts.");
    }
    if (!evaluation.complete()) {
      notes.add("CANCELLED: defences that were not finished before are missing.");
    }
    if (!notes.isEmpty()) {
      blocks.add(Lines.notes(notes));
    }
    return new Report("What defences of stored vectors are worth", blocks, json(evaluation));
  }

  private static Plot plot(DefenceEvaluation evaluation) {
    List<Plot.Series> series = new ArrayList<>();
    series.add(leaks("naive attacker", evaluation, row -> Optional.of(row.naive())));
    series.add(leaks("informed attacker", evaluation, row -> Optional.of(row.informed())));
    if (evaluation.training().isPresent()) {
      series.add(leaks("trained attacker", evaluation, DefenceEvaluation.Row::trained));
    }
    return new Plot(
        "Leakage against retrieval: what an attacker reads, by what a search still finds",
        Plot.Axis.percent("NDCG@10"),
        Plot.Axis.percent("token F1"),
        series);
  }

  private static Plot.Series leaks(
      String name,
      DefenceEvaluation evaluation,
      Function<DefenceEvaluation.Row, Optional<Leakage>> leak) {
    List<Plot.Point> points = new ArrayList<>();
    for (DefenceEvaluation.Row row : evaluation.rows()) {
      leak.apply(row)
          .ifPresent(
              found ->
                  points.add(
                      new Plot.Point(
                          row.defence(),
                          100 * row.retrieval().ndcg().mean(),
                          100 * found.all().tokenF1().mean())));
    }
    return new Plot.Series(name, false, points);
  }

  private static Table table(DefenceEvaluation evaluation) {
    List<Evaluation.Row> buckets = buckets(evaluation.floor());
    List<String> header =
        new ArrayList<>(List.of("defence", "attacker", "NDCG@10", "recall@100", "cosine"));
    for (Evaluation.Row bucket : buckets) {
      header.add("exact " + bucket.bucket());
      header.add("token F1 " + bucket.bucket());
    }
    header.add("pairs to break");
    Table table = new Table(header, 2);
    for (DefenceEvaluation.Row row : evaluation.rows()) {
      boolean defended = row.leaks().size() > 1;
      String ndcg = percent(row.retrieval().ndcg());
      String recall = percent(row.retrieval().recall());
      String expected =
          row.expectedCosine().isPresent()
              ? format(" (%.4f)", row.expectedCosine().getAsDouble())
              : "";
      add(
          table,
          List.of(row.defence(), "naive", ndcg, recall, cosine(row.naive()) + expected),
          row.naive().rows(),
          defended ? "" : NONE);
      if (defended) {
        add(
            table,
            List.of("", "informed", "", "", cosine(row.informed())),
            row.informed().rows(),
            pairs(row, evaluation.pairs()));
      }
      row.trained()
          .ifPresent(
              leak ->
                  add(
                      table,
                      List.of("", "trained", "", "", cosine(leak)),
                      leak.rows(),
                      trainedPairs(leak, evaluation.rows().get(0).naive())));
    }
    add(table, List.of("random sentence", NONE, NONE, NONE, NONE), evaluation.floor(), NONE);
    return table;
  }

  private static void add(
      Table table, List<String> first, List<Evaluation.Row> figures, String last) {
    List<String> cells = new ArrayList<>(first);
    for (Evaluation.Row bucket : buckets(figures)) {
      cells.add(percent(bucket.exact()));
      cells.add(percent(bucket.tokenF1()));
    }
    cells.add(last);
    table.add(cells);
  }

  /** The rows of single buckets; where there is one bucket only, it is the only row. */
  private static List<Evaluation.Row> buckets(List<Evaluation.Row> rows) {
    return rows.size() == 1 ? rows : rows.subList(0, rows.size() - 1);
  }

  private static String cosine(Leakage leak) {
    return format("%.4f", leak.restoredCosine());
  }

  private static String pairs(DefenceEvaluation.Row row, int most) {
    String pairs = row.pairsToBreak().map(String::valueOf).orElse("> " + most);
    return row.secret() || pairs.equals("0") ? pairs : pairs + " own";
  }

  private static String trainedPairs(Leakage trained, Leakage undefended) {
    return (trained.reaches(undefended) ? "" : "> ") + trained.pairs() + " own";
  }

  private static Table curve(DefenceEvaluation evaluation) {
    List<String> header =
        new ArrayList<>(
            List.of("defence", "NDCG@10 kept", "naive: token F1", "informed: token F1"));
    if (evaluation.training().isPresent()) {
      header.add("trained: token F1");
    }
    Table table = new Table(header, 1);
    double full = evaluation.rows().get(0).retrieval().ndcg().mean();
    for (DefenceEvaluation.Row row : byRetrieval(evaluation)) {
      List<String> cells = new ArrayList<>();
      cells.add(row.defence());
      cells.add(full == 0 ? NONE : format("%.1f", 100 * row.retrieval().ndcg().mean() / full));
      cells.add(tokenF1(row.naive()));
      cells.add(tokenF1(row.informed()));
      if (evaluation.training().isPresent()) {
        cells.add(row.trained().map(DefenceReports::tokenF1).orElse(NONE));
      }
      table.add(cells);
    }
    return table;
  }

  private static String tokenF1(Leakage leak) {
    return format("%.1f", 100 * leak.all().tokenF1().mean());
  }

  private static List<DefenceEvaluation.Row> byRetrieval(DefenceEvaluation evaluation) {
    return evaluation.rows().stream()
        .sorted(
            Comparator.comparingDouble((DefenceEvaluation.Row r) -> r.retrieval().ndcg().mean())
                .reversed())
        .toList();
  }

  /**
   * Everything as one JSON object: {@code provenance}, sizes, {@code floor}, {@code rows} with
   * {@code retrieval}, {@code leaks} by known pairs and what was {@code trained}, and {@code
   * curve}: points of retrieval and leak in falling order of NDCG. Proportions are in [0, 1].
   */
  private static ObjectNode json(DefenceEvaluation evaluation) {
    ObjectNode root = Figures.object();
    put(root, "provenance", evaluation.provenance());
    root.put("documents", evaluation.documents()).put("queries", evaluation.queries());
    root.put("pairs", evaluation.pairs()).put("complete", evaluation.complete());
    evaluation.training().ifPresent(source -> root.put("training", source));
    figures(root.putArray("floor"), evaluation.floor());
    ArrayNode rows = root.putArray("rows");
    for (DefenceEvaluation.Row row : evaluation.rows()) {
      ObjectNode node = rows.addObject().put("defence", row.defence()).put("secret", row.secret());
      row.expectedCosine().ifPresent(c -> node.put("expectedCosine", c));
      put(node, "ndcg10", row.retrieval().ndcg());
      put(node, "recall100", row.retrieval().recall());
      row.pairsToBreak().ifPresent(k -> node.put("pairsToBreak", k));
      ArrayNode leaks = node.putArray("leaks");
      row.leaks().forEach(leak -> leak(leaks.addObject(), leak));
      row.trained().ifPresent(leak -> leak(node.putObject("trained"), leak));
    }
    ArrayNode curve = root.putArray("curve");
    for (DefenceEvaluation.Row row : byRetrieval(evaluation)) {
      ObjectNode point = curve.addObject().put("defence", row.defence());
      point.put("ndcg10", row.retrieval().ndcg().mean());
      point.put("naiveTokenF1", row.naive().all().tokenF1().mean());
      point.put("informedTokenF1", row.informed().all().tokenF1().mean());
      row.trained().ifPresent(t -> point.put("trainedTokenF1", t.all().tokenF1().mean()));
      point.put("naiveExact", row.naive().all().exact().value().orElseThrow());
      point.put("informedExact", row.informed().all().exact().value().orElseThrow());
    }
    return root;
  }

  private static void leak(ObjectNode node, Leakage leak) {
    node.put("pairs", leak.pairs()).put("restoredCosine", leak.restoredCosine());
    figures(node.putArray("rows"), leak.rows());
  }

  private static void figures(ArrayNode array, List<Evaluation.Row> rows) {
    for (Evaluation.Row row : rows) {
      ObjectNode node = array.addObject().put("bucket", row.bucket());
      put(node, "exact", row.exact());
      put(node, "tokenF1", row.tokenF1());
      put(node, "cosine", row.cosine());
      node.put("medianCosine", row.cosine().median()).put("bleu", row.bleu());
      node.put("embeddings", row.embeddings()).put("seconds", row.seconds());
      node.put("errors", row.errors());
    }
  }
}
