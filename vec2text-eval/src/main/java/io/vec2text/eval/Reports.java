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
import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import io.vec2text.Verdict;
import io.vec2text.eval.internal.Figures;
import io.vec2text.eval.report.Block;
import io.vec2text.eval.report.Examples;
import io.vec2text.eval.report.Lines;
import io.vec2text.eval.report.Plot;
import io.vec2text.eval.report.Table;
import io.vec2text.search.SearchStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Shows evaluations as blocks of a report, and as JSON. */
public final class Reports {
  private static final Pattern RANGE = Pattern.compile("(\\d+)(?:-(\\d+))?");

  private Reports() {}

  /**
   * Evaluations of one set in one table, with what they mean and how they were made.
   *
   * @param evaluations at least one
   */
  public static List<Block> evaluations(List<Evaluation> evaluations) {
    checkArgument(!evaluations.isEmpty(), "there is no evaluation to show");
    Table table =
        new Table(
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
    List<String> notes = new ArrayList<>();
    notes.add(
        "exact: equal up to the embedder's normal form, with Wilson's interval. token F1: mean"
            + " multiset F1 x 100.");
    notes.add("BLEU: of the corpus, on normal forms, " + Bleu.SIGNATURE + ".");
    notes.add("exact right: of the verdicts 'exact', how many are.");
    evaluations.forEach(e -> e.rows().forEach(row -> words(e, row).forEach(notes::add)));
    if (errors > 0) {
      notes.add(errors + " inversions failed; they count as empty texts.");
    }
    if (!evaluations.stream().allMatch(Evaluation::complete)) {
      notes.add("CANCELLED: the figures are of the texts that were finished before.");
    }
    return List.of(Lines.facts(head(evaluations.get(0).provenance())), table, Lines.notes(notes));
  }

  /** A check of wrong neighbours as a table. */
  public static List<Block> neighbours(NeighbourCheck check) {
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

  /** Comparisons as a table: differences in per cent, BLEU and cosine, with p-values. */
  public static List<Block> comparisons(List<Comparison> comparisons) {
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

  /** Quality against cost as a table; gains are over the first inverter, text by text. */
  public static List<Block> curves(List<CostCurve> curves) {
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
    return List.of(table, curvePlot(curves));
  }

  private static Plot curvePlot(List<CostCurve> curves) {
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

  /** Where an inverter's time went, and what came of each of its sources of candidates. */
  public static List<Block> statistics(SearchStatistics statistics) {
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

  private static String difference(String number, double unit, Difference difference) {
    Interval interval = difference.interval();
    return format(
        number + " [" + number + ", " + number + "]",
        unit * difference.value(),
        unit * interval.low(),
        unit * interval.high());
  }

  private static Stream<String> words(Evaluation evaluation, Evaluation.Row row) {
    String of = " of " + evaluation.provenance().inverter() + ", " + row.bucket();
    return Stream.concat(
        row.words().stream().map(c -> words("words" + of, c)),
        row.wordKinds().entrySet().stream()
            .filter(e -> e.getKey() != WordKind.OTHER)
            .map(e -> words(name(e.getKey()) + "s" + of, e.getValue())));
  }

  private static String words(String what, Calibration c) {
    return format(
        "%s: %d, right %.1f %%, stated %.1f %%; calibration error %.3f, AUROC %s",
        what,
        c.right().of(),
        100 * c.right().value().orElseThrow(),
        100 * c.stated(),
        c.error(),
        c.auroc().map(a -> format("%.3f", a)).orElse(NONE));
  }

  /** An evaluation on passages as a table, with how it was made. */
  public static List<Block> passages(PassageEvaluation evaluation) {
    List<String> header =
        new ArrayList<>(
            List.of("tokens", "n", "called exact", "beyond range", "length error", "length bias"));
    List<PassageEvaluation.Row> rows = evaluation.rows();
    rows.stream()
        .limit(1)
        .flatMap(row -> row.words().stream())
        .forEach(list -> header.add("top " + list.top() + " % (stated)"));
    header.addAll(List.of("cosine", "embeddings", "s/vector"));
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
    if (errors > 0) {
      notes.add(errors + " inversions failed; they count in no figure.");
    }
    if (!evaluation.complete()) {
      notes.add("CANCELLED: the figures are of the passages that were finished before.");
    }
    return List.of(Lines.facts(facts), table, Lines.notes(notes));
  }

  /**
   * Texts recovered exactly and token F1 by length, where there are buckets of two lengths at
   * least.
   */
  public static Optional<Block> byLength(List<Evaluation> evaluations) {
    List<Plot.Series> series = new ArrayList<>();
    for (Evaluation evaluation : evaluations) {
      String name = evaluation.provenance().inverter();
      series.add(lengths(name + ", exact", evaluation, row -> row.exact().value().orElse(0.0)));
      series.add(lengths(name + ", token F1", evaluation, row -> row.tokenF1().mean()));
    }
    return series.stream().anyMatch(s -> s.points().size() > 1)
        ? Optional.of(
            new Plot(
                "Quality by length",
                Plot.Axis.linear("tokens, middle of the bucket"),
                Plot.Axis.percent("of texts, of tokens"),
                series))
        : Optional.empty();
  }

  private static Plot.Series lengths(
      String name, Evaluation evaluation, ToDoubleFunction<Evaluation.Row> share) {
    List<Plot.Point> points = new ArrayList<>();
    for (Evaluation.Row row : evaluation.rows()) {
      Matcher range = RANGE.matcher(row.bucket());
      if (range.matches()) {
        int low = Integer.parseInt(range.group(1));
        int high = range.group(2) == null ? low : Integer.parseInt(range.group(2));
        points.add(new Plot.Point("", (low + high) / 2.0, 100 * share.applyAsDouble(row)));
      }
    }
    return new Plot.Series(name, true, points);
  }

  /** The first texts of each bucket beside what was recovered of them. */
  public static Examples examples(Evaluation evaluation, int perBucket) {
    List<Examples.Example> examples = new ArrayList<>();
    Multiset<String> taken = HashMultiset.create();
    for (Evaluation.Item item : evaluation.items()) {
      if (taken.count(item.bucket()) < perBucket) {
        taken.add(item.bucket());
        examples.add(
            new Examples.Example(item.bucket(), item.target(), item.recovered(), item.outcome()));
      }
    }
    return new Examples(examples);
  }

  /**
   * Everything as one JSON object: {@code evaluations}, each with its provenance, rows and items,
   * {@code comparisons}, {@code curves}, and {@code neighbours} and {@code passages}, if given.
   * Proportions are in [0, 1]. Items carry figures only, no text.
   */
  public static ObjectNode json(
      List<Evaluation> evaluations,
      List<Comparison> comparisons,
      List<CostCurve> curves,
      Optional<NeighbourCheck> neighbours,
      Optional<PassageEvaluation> passages) {
    ObjectNode root = json(evaluations);
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
    return root;
  }

  /** Evaluations alone as one JSON object of {@code evaluations} and the metrics' signatures. */
  public static ObjectNode json(List<Evaluation> evaluations) {
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
    return root;
  }

  private static ObjectNode json(NeighbourCheck.Row row) {
    ObjectNode node = Figures.object();
    node.put("tokens", row.bucket()).put("storage", name(row.storage()));
    put(node, "detected", row.detected());
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
    row.words().ifPresent(c -> calibration(node.putObject("words"), c));
    row.wordKinds().forEach((k, c) -> calibration(node.putObject(name(k) + "s"), c));
    return node.put("errors", row.errors());
  }

  private static void calibration(ObjectNode node, Calibration calibration) {
    put(node, "right", calibration.right());
    node.put("stated", calibration.stated()).put("calibrationError", calibration.error());
    calibration.auroc().ifPresent(a -> node.put("auroc", a));
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
    put(node, "exceedsSupportedLength", row.exceedsSupportedLength());
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
