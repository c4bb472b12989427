package io.vec2text.eval.internal.report;

import static com.google.common.base.Preconditions.checkArgument;
import static io.vec2text.eval.internal.report.Figures.NONE;
import static io.vec2text.eval.internal.report.Figures.format;
import static io.vec2text.eval.internal.report.Figures.head;
import static io.vec2text.eval.internal.report.Figures.name;
import static io.vec2text.eval.internal.report.Figures.percent;
import static io.vec2text.eval.internal.report.Figures.put;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import com.google.common.collect.Streams;
import io.vec2text.Verdict;
import io.vec2text.eval.Bleu;
import io.vec2text.eval.Calibration;
import io.vec2text.eval.Chrf;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.WordKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Shows evaluations: a table, a plot, examples, and all figures as JSON. */
public final class EvaluationReport {
  private static final Pattern RANGE = Pattern.compile("(\\d+)(?:-(\\d+))?");

  private EvaluationReport() {}

  /**
   * Evaluations of one set in one table, with what they mean and how they were made.
   *
   * @param evaluations at least one
   */
  public static List<Block> blocks(List<Evaluation> evaluations) {
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

  private static Stream<String> words(Evaluation evaluation, Evaluation.Row row) {
    String of = " of " + evaluation.provenance().inverter() + ", " + row.bucket();
    return Streams.concat(
        row.words().stream().map(c -> words("words" + of, c)),
        row.wordKinds().entrySet().stream()
            .filter(e -> e.getKey() != WordKind.OTHER)
            .map(e -> words(name(e.getKey()) + "s" + of, e.getValue())),
        row.spans().stream().map(c -> words("spans" + of, c)));
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
            new Examples.Example(item.bucket(), item.target(), item.recovered(), outcome(item)));
      }
    }
    return new Examples(examples);
  }

  /** Verdict, cosine and cost in one line; no text. */
  private static String outcome(Evaluation.Item item) {
    return format(
        "%s, cosine %.6f, %s, %,d embeddings, %.2f s",
        item.verdict().map(Figures::name).orElse("error"),
        item.cosine(),
        item.exact() ? "same text" : "other text",
        item.embeddings(),
        item.seconds());
  }

  /** Evaluations alone as one JSON object of {@code evaluations} and the metrics' signatures. */
  public static ObjectNode json(List<Evaluation> evaluations) {
    ObjectNode root = Figures.object();
    root.put("bleuSignature", Bleu.SIGNATURE).put("chrfSignature", Chrf.SIGNATURE);
    root.put("sentenceBleuSignature", Bleu.SENTENCE_SIGNATURE);
    ArrayNode list = root.putArray("evaluations");
    for (Evaluation evaluation : evaluations) {
      ObjectNode node = list.addObject();
      put(node, "provenance", evaluation.provenance());
      node.put("complete", evaluation.complete());
      ArrayNode rows = node.putArray("rows");
      evaluation.rows().forEach(r -> rows.add(json(r)));
      ArrayNode items = node.putArray("items");
      evaluation.items().forEach(i -> items.add(json(i)));
    }
    return root;
  }

  private static ObjectNode json(Evaluation.Row row) {
    ObjectNode node = Figures.object();
    node.put("bucket", row.bucket()).put("n", row.n());
    put(node, "exact", row.exact());
    put(node, "exactRaw", row.exactRaw());
    put(node, "tokenF1", row.tokenF1());
    node.put("bleu", row.bleu()).put("chrf", row.chrf());
    put(node, "bleuInterval", row.bleuInterval());
    node.setAll(Figures.json(row.scores()));
    put(node, "cosine", row.cosine());
    node.put("medianCosine", row.cosine().median()).put("embeddings", row.embeddings());
    node.put("seconds", row.seconds()).put("wallSeconds", row.wallSeconds());
    ObjectNode verdicts = node.putObject("verdicts");
    row.verdicts().forEach((v, n) -> verdicts.put(name(v), n));
    put(node, "exactVerdictsRight", row.exactVerdicts());
    row.words().ifPresent(c -> put(node, "words", c));
    row.wordKinds().forEach((k, c) -> put(node, name(k) + "s", c));
    row.spans().ifPresent(c -> put(node, "spans", c));
    return node.put("errors", row.errors());
  }

  private static ObjectNode json(Evaluation.Item item) {
    ObjectNode node = Figures.object();
    node.put("bucket", item.bucket()).put("exact", item.exact()).put("exactRaw", item.exactRaw());
    node.put("tokenF1", item.overlap().f1());
    node.setAll(Figures.json(item.scores()));
    node.put("cosine", item.cosine());
    item.verdict().ifPresent(v -> node.put("verdict", name(v)));
    node.put("embeddings", item.embeddings()).put("seconds", item.seconds());
    item.error().ifPresent(e -> node.put("error", e));
    return node;
  }
}
