package io.vec2text.eval.internal.runner;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.Evaluator;
import io.vec2text.eval.internal.report.Block;
import io.vec2text.eval.internal.report.Disclosure;
import io.vec2text.eval.internal.report.EvaluationReport;
import io.vec2text.eval.internal.report.Examples;
import io.vec2text.eval.internal.report.Figures;
import io.vec2text.eval.internal.report.Markdown;
import io.vec2text.eval.internal.report.Report;
import io.vec2text.eval.internal.setup.EvalListener;
import io.vec2text.eval.internal.setup.NearestNeighbour;
import io.vec2text.eval.internal.setup.PassageCutter;
import io.vec2text.eval.internal.setup.RandomSentence;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs evaluations and prints their tables: what the command line calls. */
public final class EvalRunner {
  private static final int DEMO_SENTENCES = 8;
  private static final int REPORTED_EXAMPLES = 3;

  private final Inverter inverter;
  private final Embedder embedder;
  private final PrintStream out;
  private final EvalListener listener;

  /**
   * A runner.
   *
   * @param inverter the inverter to evaluate; not closed by the runner
   * @param embedder the embedder of its space; not closed by the runner
   * @param out where tables go
   * @param listener hears of the progress
   */
  public EvalRunner(Inverter inverter, Embedder embedder, PrintStream out, EvalListener listener) {
    this.inverter = requireNonNull(inverter, "inverter");
    this.embedder = requireNonNull(embedder, "embedder");
    this.out = requireNonNull(out, "out");
    this.listener = requireNonNull(listener, "listener");
  }

  /**
   * What was evaluated.
   *
   * @param evaluations of the inverter, those compared with it, and then of the floors
   * @param comparisons of those compared with the inverter
   * @param curves quality against cost of the same, if asked for
   * @param neighbours the check of wrong neighbours, if asked for
   * @param passages the check on passages, if asked for
   * @param blocks all of it for a person to read
   */
  public record Results(
      List<Evaluation> evaluations,
      List<Comparison> comparisons,
      List<CostCurve> curves,
      Optional<NeighbourCheck> neighbours,
      Optional<PassageEvaluation> passages,
      List<Block> blocks) {
    /** Copies. */
    public Results {
      evaluations = ImmutableList.copyOf(evaluations);
      comparisons = ImmutableList.copyOf(comparisons);
      curves = ImmutableList.copyOf(curves);
      blocks = ImmutableList.copyOf(blocks);
    }

    /** All of it to be written. */
    public Report report() {
      return new Report("What is recovered from vectors", blocks, json());
    }

    /**
     * {@code evaluations}, each with its provenance, rows and items, {@code comparisons}, {@code
     * curves}, and {@code neighbours} and {@code passages}, if checked. Proportions are in [0, 1].
     * Items carry figures only, no text.
     */
    private ObjectNode json() {
      ObjectNode root = EvaluationReport.json(evaluations);
      root.set("comparisons", Figures.json(comparisons));
      root.set("curves", Figures.json(curves));
      neighbours.ifPresent(check -> Figures.put(root, "neighbours", check));
      passages.ifPresent(check -> Figures.put(root, "passages", check));
      return root;
    }

    /** Whether nothing was cancelled. */
    public boolean complete() {
      return evaluations.stream().allMatch(Evaluation::complete)
          && neighbours.map(NeighbourCheck::complete).orElse(true)
          && passages.map(PassageEvaluation::complete).orElse(true);
    }

    /** How many inversions failed with an error; those of passages are in their own figures. */
    public long errors() {
      return evaluations.stream().mapToLong(Evaluation::errors).sum();
    }
  }

  /**
   * Evaluates the inverter, those to compare with, the floors and the passages as asked for, prints
   * the tables and examples.
   *
   * @param others inverters of the same space to evaluate on the same sentences, by name
   * @throws IOException if a file can't be read or kept
   * @throws IllegalArgumentException if there is no such bucket, or if passages are asked for and
   *     the embedder does not show its tokens
   */
  public Results run(EvalOptions options, Map<String, Inverter> others) throws IOException {
    Evaluator evaluator =
        new Evaluator(embedder, options.storage(), options.threads(), options.versions());
    List<Evaluation> evaluations = new ArrayList<>();
    List<Comparison> comparisons = List.of();
    List<CostCurve> curves = List.of();
    List<Block> blocks = new ArrayList<>();
    if (options.limit() > 0) {
      evaluateSentences(evaluator, options, others, evaluations);
      show(EvaluationReport.blocks(evaluations), blocks);
      EvaluationReport.byLength(evaluations).ifPresent(blocks::add);
      comparisons = comparisons(evaluations, others.keySet(), options.inversion().seed());
      if (!comparisons.isEmpty()) {
        show(ComparisonReport.blocks(comparisons), blocks);
      }
      if (options.curve()) {
        curves = CostCurve.of(evaluations, embedder);
        show(CostCurveReport.blocks(curves), blocks);
      }
      printExamples(evaluations.get(0), options.examples());
      if (options.sha256().isEmpty()) {
        int examples = Math.max(REPORTED_EXAMPLES, options.examples());
        blocks.add(EvaluationReport.examples(evaluations.get(0), examples));
      }
    }
    Optional<NeighbourCheck> neighbours = Optional.empty();
    if (options.neighbours() > 0) {
      EvaluationSet set =
          sentences(options).sample(options.neighbours(), options.inversion().seed());
      Cancellation cancellation = options.inversion().cancellation();
      long seed = options.inversion().seed();
      neighbours = Optional.of(NeighbourCheck.of(embedder, set, seed, listener, cancellation));
      show(NeighbourReport.blocks(neighbours.get()), blocks);
    }
    Optional<PassageEvaluation> passages = Optional.empty();
    if (options.passages() > 0 && !options.inversion().cancellation().requested()) {
      EvaluationSet set =
          options.passageTexts().isPresent()
              ? EvaluationSet.read(options.passageTexts().get())
              : EvaluationSet.wikipediaDevPassages();
      set = set.sample(options.passages(), options.inversion().seed());
      passages = Optional.of(evaluatePassages(options, set));
      show(PassageReport.blocks(passages.get()), blocks);
    }
    out.flush();
    return new Results(evaluations, comparisons, curves, neighbours, passages, blocks);
  }

  /** Prints blocks, after an empty line but for the first ones, and adds them to the report. */
  private void show(List<Block> more, List<Block> blocks) {
    if (!blocks.isEmpty()) {
      out.println();
    }
    out.print(Markdown.of(more, Disclosure.REDACTED));
    blocks.addAll(more);
  }

  private PassageEvaluation evaluatePassages(EvalOptions options, EvaluationSet set)
      throws IOException {
    PassageEvaluator evaluator =
        new PassageEvaluator(embedder, options.storage(), options.threads(), options.versions());
    int total = set.size() * PassageEvaluator.LENGTHS.size();
    InversionOptions inversion =
        options.inversion().toBuilder().listener(listener.counting("passages", total)).build();
    try (Inverter resumable = options.resumable(options.search(), inverter, inversion)) {
      return evaluator.run(options.search(), resumable, set, PassageEvaluator.LENGTHS, inversion);
    }
  }

  private void evaluateSentences(
      Evaluator evaluator,
      EvalOptions options,
      Map<String, Inverter> others,
      List<Evaluation> evaluations)
      throws IOException {
    EvaluationSet whole = sentences(options);
    EvaluationSet set = whole.sample(options.limit(), options.inversion().seed());
    evaluations.add(resumable(evaluator, options.search(), inverter, set, options));
    for (Map.Entry<String, Inverter> other : others.entrySet()) {
      if (!options.inversion().cancellation().requested()) {
        evaluations.add(resumable(evaluator, other.getKey(), other.getValue(), set, options));
      }
    }
    if (options.floors() && !options.inversion().cancellation().requested()) {
      try (Inverter floor = new RandomSentence(whole, embedder)) {
        evaluations.add(evaluate(evaluator, "random sentence", floor, set, options));
      }
    }
    if (options.corpus().isPresent() && !options.inversion().cancellation().requested()) {
      try (NearestNeighbour floor = options.nearestNeighbour(embedder, listener).orElseThrow()) {
        evaluations.add(evaluate(evaluator, floor.name(), floor, set, options));
      }
    }
  }

  /** Of those compared with the inverter, unless cancelled: then they are not of the same texts. */
  private List<Comparison> comparisons(
      List<Evaluation> evaluations, Set<String> others, long seed) {
    if (!evaluations.stream().allMatch(Evaluation::complete)) {
      return List.of();
    }
    Evaluation first = evaluations.get(0);
    return evaluations.subList(1, evaluations.size()).stream()
        .filter(e -> others.contains(e.provenance().inverter()))
        .map(e -> Comparison.of(e, first, embedder, seed))
        .toList();
  }

  private EvaluationSet sentences(EvalOptions options) throws IOException {
    EvaluationSet whole =
        options.cut() > 0
            ? PassageCutter.of(embedder).cut(options.readPassages(), options.cut())
            : options.readSentences();
    return options.bucket().isPresent() ? whole.bucket(options.bucket().get()) : whole;
  }

  private Evaluation resumable(
      Evaluator evaluator, String name, Inverter what, EvaluationSet set, EvalOptions options)
      throws IOException {
    try (Inverter inverter = options.resumable(name, what, inversion(name, set, options))) {
      return evaluate(evaluator, name, inverter, set, options);
    }
  }

  private Evaluation evaluate(
      Evaluator evaluator, String name, Inverter what, EvaluationSet set, EvalOptions options) {
    return evaluator.run(name, what, set, inversion(name, set, options));
  }

  private InversionOptions inversion(String name, EvaluationSet set, EvalOptions options) {
    return options.inversion().toBuilder()
        .trace(options.curve() || options.inversion().trace())
        .listener(listener.counting(name, set.size()))
        .build();
  }

  private void printExamples(Evaluation evaluation, int perBucket) {
    if (perBucket == 0) {
      return;
    }
    out.println();
    EvaluationReport.examples(evaluation, perBucket).examples().forEach(this::print);
  }

  /**
   * Inverts the vectors of eight of the sentences, drawn over all buckets by the seed, and prints
   * each sentence, what was recovered, its cosine and the verdict.
   *
   * @return the figures behind the listing
   * @throws IOException if the texts can't be read
   */
  public Results demo(EvalOptions options) throws IOException {
    InversionOptions inversion = options.inversion();
    EvaluationSet set = demoSentences(sentences(options), inversion.seed());
    Evaluator evaluator =
        new Evaluator(embedder, options.storage(), options.threads(), options.versions());
    Evaluation evaluation = evaluator.run("demo", inverter, set, inversion);
    Examples examples = EvaluationReport.examples(evaluation, DEMO_SENTENCES);
    examples.examples().forEach(this::print);
    long exact = evaluation.items().stream().filter(Evaluation.Item::exact).count();
    out.printf(
        Locale.ROOT,
        "%d of %d recovered exactly, up to what the embedder can see.%n",
        exact,
        evaluation.items().size());
    out.flush();
    return new Results(
        List.of(evaluation),
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(examples));
  }

  /** Eight sentences, as evenly from the buckets as can be. */
  static EvaluationSet demoSentences(EvaluationSet whole, long seed) {
    List<EvaluationSet.Entry> drawn = new ArrayList<>();
    List<String> buckets = whole.buckets();
    for (int b = 0; b < buckets.size(); b++) {
      int n = (DEMO_SENTENCES + buckets.size() - 1 - b) / buckets.size();
      drawn.addAll(whole.bucket(buckets.get(b)).sample(n, seed).entries());
    }
    return EvaluationSet.of(whole.name(), drawn);
  }

  private void print(Examples.Example example) {
    out.printf("%-6s target     %s%n", example.bucket(), example.target());
    out.printf("%-6s recovered  %s%n", "", example.recovered());
    out.printf("%-6s %s%n%n", "", example.outcome());
  }
}
