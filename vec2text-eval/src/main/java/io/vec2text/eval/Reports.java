package io.vec2text.eval;

import static com.google.common.base.Preconditions.checkArgument;
import static io.vec2text.eval.internal.Figures.NONE;
import static io.vec2text.eval.internal.Figures.format;
import static io.vec2text.eval.internal.Figures.head;
import static io.vec2text.eval.internal.Figures.name;
import static io.vec2text.eval.internal.Figures.percent;
import static io.vec2text.eval.internal.Figures.put;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.Verdict;
import io.vec2text.eval.internal.Figures;
import io.vec2text.eval.internal.TextTable;
import io.vec2text.search.SearchStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Shows evaluations as Markdown whose tables read well as plain text, and as JSON. */
public final class Reports {
  private Reports() {}

  /**
   * Evaluations of one set in one table, with what they mean and how they were made.
   *
   * @param evaluations at least one
   */
  public static String markdown(List<Evaluation> evaluations) {
    checkArgument(!evaluations.isEmpty(), "there is no evaluation to show");
    TextTable table =
        new TextTable(
            List.of(
                "inverter",
                "tokens",
                "n",
                "exact % [95 %]",
                "token F1",
                "BLEU",
                "cosine",
                "median",
                "embeddings",
                "s/vector",
                "exact/close/topical/failed",
                "exact right"),
            2);
    int errors = 0;
    for (Evaluation evaluation : evaluations) {
      for (Evaluation.Row row : evaluation.rows()) {
        table.add(
            evaluation.provenance().inverter(),
            row.bucket(),
            String.valueOf(row.n()),
            percent(row.exact()),
            format("%.1f", 100 * row.tokenF1().mean()),
            format("%.1f", row.bleu()),
            format("%.4f", row.cosine().mean()),
            format("%.4f", row.cosine().median()),
            format("%.0f", row.embeddings()),
            format("%.3f", row.seconds()),
            Stream.of(Verdict.values())
                .map(v -> String.valueOf(row.verdicts().getOrDefault(v, 0)))
                .collect(Collectors.joining("/")),
            row.exactVerdicts().of() == 0 ? NONE : row.exactVerdicts().toString());
      }
      errors += (int) evaluation.items().stream().filter(i -> i.error().isPresent()).count();
    }
    StringBuilder out = new StringBuilder(head(evaluations.get(0).provenance()));
    out.append('\n').append(table).append('\n');
    out.append(
        "exact: equal up to the embedder's normal form, with Wilson's interval. token F1: mean"
            + " multiset F1 x 100.\n");
    out.append("BLEU: of the corpus, on normal forms, ").append(Bleu.SIGNATURE).append(".\n");
    out.append("exact right: of the verdicts 'exact', how many are.\n");
    evaluations.forEach(e -> e.rows().forEach(row -> appendWords(out, e, row)));
    if (errors > 0) {
      out.append(errors).append(" inversions failed; they count as empty texts.\n");
    }
    if (!evaluations.stream().allMatch(Evaluation::complete)) {
      out.append("CANCELLED: the figures are of the texts that were finished before.\n");
    }
    return out.toString();
  }

  /** A check of wrong neighbours as a table. */
  public static String markdown(NeighbourCheck check) {
    TextTable table =
        new TextTable(
            List.of(
                "tokens",
                "stored as",
                "texts",
                "told",
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
          String.valueOf(row.told().count()),
          String.valueOf(row.right().count()),
          String.valueOf(row.wrong().of()),
          String.valueOf(row.wrong().count()),
          format("%.7f", row.closest()),
          format("%.7f", row.lowest()));
    }
    return check.complete()
        ? table.toString()
        : table + "\nCANCELLED: the figures are of the texts that were finished before.\n";
  }

  /** Comparisons as a table: differences in per cent, BLEU and cosine, with p-values. */
  public static String comparisons(List<Comparison> comparisons) {
    TextTable table =
        new TextTable(
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
    return table
        + "\np: how likely a difference as large would be if there were none, by a paired"
        + " bootstrap.\n";
  }

  /** Quality against cost as a table; gains are over the first inverter, text by text. */
  public static String curves(List<CostCurve> curves) {
    TextTable table =
        new TextTable(
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
    return table.toString();
  }

  /** Where an inverter's time went, and what came of each of its sources of candidates. */
  public static String markdown(SearchStatistics statistics) {
    TextTable table = new TextTable(List.of("source", "embedded", "became the best", "%"), 1);
    for (SearchStatistics.Source source : statistics.sources()) {
      table.add(
          source.name(),
          String.valueOf(source.paid()),
          String.valueOf(source.won()),
          source.paid() == 0 ? NONE : format("%.1f", 100.0 * source.won() / source.paid()));
    }
    double total = Math.max(1, statistics.total().toNanos());
    double embedding = statistics.embedding().toNanos() / total;
    double decoding = statistics.decoding().toNanos() / total;
    return table
        + format(
            "\ntime: embedder %.1f %%, decoder %.1f %%, the search itself %.1f %%\n",
            100 * embedding, 100 * decoding, 100 * (1 - embedding - decoding));
  }

  private static String difference(String number, double unit, Difference difference) {
    Interval interval = difference.interval();
    return format(
        number + " [" + number + ", " + number + "]",
        unit * difference.value(),
        unit * interval.low(),
        unit * interval.high());
  }

  private static void appendWords(StringBuilder out, Evaluation evaluation, Evaluation.Row row) {
    row.words()
        .ifPresent(
            c ->
                out.append(
                    format(
                        "words of %s, %s: %d, right %.1f %%, stated %.1f %%; calibration error"
                            + " %.3f, AUROC %s\n",
                        evaluation.provenance().inverter(),
                        row.bucket(),
                        c.right().of(),
                        100 * c.right().value().orElseThrow(),
                        100 * c.stated(),
                        c.error(),
                        c.auroc().map(a -> format("%.3f", a)).orElse(NONE))));
  }

  /** An evaluation on passages as a table, with how it was made. */
  public static String markdown(PassageEvaluation evaluation) {
    List<String> header =
        new ArrayList<>(
            List.of("tokens", "n", "called exact", "beyond range", "length error", "length bias"));
    List<PassageEvaluation.Row> rows = evaluation.rows();
    rows.stream()
        .limit(1)
        .flatMap(row -> row.words().stream())
        .forEach(list -> header.add("top " + list.top() + " % (stated)"));
    header.addAll(List.of("cosine", "embeddings", "s/vector"));
    TextTable table = new TextTable(header, 0);
    int errors = 0;
    for (PassageEvaluation.Row row : rows) {
      List<String> cells = new ArrayList<>();
      cells.add(String.valueOf(row.tokens()));
      cells.add(String.valueOf(row.n()));
      cells.add(String.valueOf(row.exactVerdicts().count()));
      cells.add(String.valueOf(row.beyondRange().count()));
      cells.add(row.lengthError().map(v -> format("%.1f", v)).orElse(NONE));
      cells.add(row.lengthBias().map(v -> format("%+.1f", v)).orElse(NONE));
      for (PassageEvaluation.WordList list : row.words()) {
        cells.add(
            list.occur().value().map(v -> format("%.1f", 100 * v)).orElse(NONE)
                + list.stated().map(v -> format(" (%.1f)", 100 * v)).orElse(""));
      }
      cells.add(format("%.4f", row.cosine()));
      cells.add(format("%.0f", row.embeddings()));
      cells.add(format("%.3f", row.seconds()));
      table.add(cells.toArray(String[]::new));
      errors += row.errors();
    }
    StringBuilder out = new StringBuilder(head(evaluation.provenance()));
    out.append("- inverter: ").append(evaluation.provenance().inverter()).append("\n\n");
    out.append(table).append('\n');
    out.append(
        "called exact: verdicts 'exact', all wrong unless the inverter writes passages. length:"
            + " stated less true, in tokens.\n");
    out.append(
        "top k: share of the k most probable words that occur, and the mean probability stated for"
            + " them.\n");
    if (errors > 0) {
      out.append(errors).append(" inversions failed; they count in no figure.\n");
    }
    if (!evaluation.complete()) {
      out.append("CANCELLED: the figures are of the passages that were finished before.\n");
    }
    return out.toString();
  }

  /**
   * Everything as one JSON object: {@code evaluations}, each with its provenance, rows and items,
   * {@code comparisons}, {@code curves}, and {@code neighbours} and {@code passages}, if given.
   * Proportions are in [0, 1]. Items carry figures only, no text.
   */
  public static String json(
      List<Evaluation> evaluations,
      List<Comparison> comparisons,
      List<CostCurve> curves,
      Optional<NeighbourCheck> neighbours,
      Optional<PassageEvaluation> passages) {
    ObjectNode root = Figures.object();
    root.put("bleuSignature", Bleu.SIGNATURE).put("chrfSignature", Chrf.SIGNATURE);
    root.put("sentenceBleuSignature", Bleu.SENTENCE_SIGNATURE);
    ArrayNode list = root.putArray("evaluations");
    for (Evaluation evaluation : evaluations) {
      ObjectNode node = list.addObject();
      node.set("provenance", Figures.json(evaluation.provenance()));
      node.put("complete", evaluation.complete());
      ArrayNode rows = node.putArray("rows");
      evaluation.rows().forEach(r -> rows.add(json(r)));
      ArrayNode items = node.putArray("items");
      evaluation.items().forEach(i -> items.add(json(i)));
    }
    ArrayNode comparisonNodes = root.putArray("comparisons");
    for (Comparison comparison : comparisons) {
      ObjectNode node = comparisonNodes.addObject().put("inverter", comparison.inverter());
      node.put("baseline", comparison.baseline());
      put(node, "exact", comparison.exact());
      put(node, "tokenF1", comparison.tokenF1());
      put(node, "bleu", comparison.bleu());
      put(node, "cosine", comparison.cosine());
    }
    ArrayNode curveNodes = root.putArray("curves");
    for (CostCurve curve : curves) {
      ArrayNode points =
          curveNodes.addObject().put("inverter", curve.inverter()).putArray("points");
      for (CostCurve.Point point : curve.points()) {
        ObjectNode node = points.addObject().put("embeddings", point.embeddings());
        node.put("seconds", point.seconds());
        put(node, "exact", point.exact());
        put(node, "tokenF1", point.tokenF1());
        point.exactGain().ifPresent(g -> put(node, "exactGain", g));
        point.f1Gain().ifPresent(g -> put(node, "f1Gain", g));
      }
    }
    neighbours.ifPresent(
        check -> {
          ObjectNode node = root.putObject("neighbours").put("complete", check.complete());
          ArrayNode rows = node.putArray("rows");
          check.rows().forEach(r -> rows.add(json(r)));
        });
    passages.ifPresent(
        p -> {
          ObjectNode node = root.putObject("passages");
          node.set("provenance", Figures.json(p.provenance()));
          node.put("complete", p.complete());
          ArrayNode rows = node.putArray("rows");
          p.rows().forEach(r -> rows.add(json(r)));
        });
    return Figures.write(root);
  }

  private static ObjectNode json(NeighbourCheck.Row row) {
    ObjectNode node = Figures.object();
    node.put("tokens", row.bucket()).put("storage", name(row.storage()));
    put(node, "told", row.told());
    put(node, "right", row.right());
    put(node, "wrong", row.wrong());
    return node.put("closest", row.closest()).put("lowest", row.lowest());
  }

  private static ObjectNode json(Evaluation.Row row) {
    ObjectNode node = Figures.object();
    node.put("bucket", row.bucket()).put("n", row.n());
    put(node, "exact", row.exact());
    put(node, "exactRaw", row.exactRaw());
    put(node, "tokenF1", row.tokenF1());
    node.put("bleu", row.bleu()).put("chrf", row.chrf());
    put(node.putObject("bleuInterval"), row.bleuInterval());
    put(node, row.scores());
    put(node, "cosine", row.cosine());
    node.put("medianCosine", row.cosine().median()).put("embeddings", row.embeddings());
    node.put("seconds", row.seconds()).put("wallSeconds", row.wallSeconds());
    ObjectNode verdicts = node.putObject("verdicts");
    row.verdicts().forEach((v, n) -> verdicts.put(name(v), n));
    put(node, "exactVerdictsRight", row.exactVerdicts());
    row.words()
        .ifPresent(
            c -> {
              ObjectNode words = node.putObject("words");
              put(words, "right", c.right());
              words.put("stated", c.stated()).put("calibrationError", c.error());
              c.auroc().ifPresent(a -> words.put("auroc", a));
            });
    return node.put("errors", row.errors());
  }

  private static ObjectNode json(Evaluation.Item item) {
    ObjectNode node = Figures.object();
    node.put("bucket", item.bucket()).put("exact", item.exact()).put("exactRaw", item.exactRaw());
    node.put("tokenF1", item.overlap().f1());
    put(node, item.scores());
    node.put("cosine", item.cosine());
    item.verdict().ifPresent(v -> node.put("verdict", name(v)));
    node.put("embeddings", item.embeddings()).put("seconds", item.seconds());
    item.error().ifPresent(e -> node.put("error", e));
    return node;
  }

  private static ObjectNode json(PassageEvaluation.Row row) {
    ObjectNode node = Figures.object();
    node.put("tokens", row.tokens()).put("n", row.n());
    put(node, "exactVerdicts", row.exactVerdicts());
    put(node, "exact", row.exact());
    put(node, "beyondRange", row.beyondRange());
    put(node, "read", row.read());
    row.lengthError().ifPresent(v -> node.put("lengthError", v));
    row.lengthBias().ifPresent(v -> node.put("lengthBias", v));
    ArrayNode words = node.putArray("words");
    for (PassageEvaluation.WordList list : row.words()) {
      ObjectNode entry = words.addObject().put("top", list.top());
      put(entry, "occur", list.occur());
      list.stated().ifPresent(v -> entry.put("stated", v));
    }
    node.put("cosine", row.cosine()).put("embeddings", row.embeddings());
    return node.put("seconds", row.seconds()).put("errors", row.errors());
  }
}
