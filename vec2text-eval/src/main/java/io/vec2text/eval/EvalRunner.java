package io.vec2text.eval;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.eval.internal.Figures;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs evaluations and prints their tables: what the command line calls. */
public final class EvalRunner {
  private static final int DEMO_SENTENCES = 8;

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
   * @param evaluations of the inverter, those beside it, and then of the floors
   * @param comparisons of those beside the inverter with it
   * @param curves quality against cost of the same, if asked for
   * @param neighbours the check of wrong neighbours, if asked for
   * @param passages the check on passages, if asked for
   */
  public record Results(
      List<Evaluation> evaluations,
      List<Comparison> comparisons,
      List<CostCurve> curves,
      Optional<NeighbourCheck> neighbours,
      Optional<PassageEvaluation> passages) {
    /** Copies. */
    public Results {
      evaluations = ImmutableList.copyOf(evaluations);
      comparisons = ImmutableList.copyOf(comparisons);
      curves = ImmutableList.copyOf(curves);
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
   * Evaluates the inverter, those beside it, the floors and the passages as asked for, prints the
   * tables and examples, and writes the JSON file.
   *
   * @param beside inverters of the same space to evaluate on the same sentences, by name
   * @throws IOException if a file can't be read or written
   * @throws IllegalArgumentException if there is no such bucket, or if passages are asked for and
   *     the embedder does not show its tokens
   */
  public Results run(EvalOptions options, Map<String, Inverter> beside) throws IOException {
    Evaluator evaluator =
        new Evaluator(embedder, options.storage(), options.threads(), options.versions());
    List<Evaluation> evaluations = new ArrayList<>();
    List<Comparison> comparisons = List.of();
    List<CostCurve> curves = List.of();
    if (options.limit() > 0) {
      evaluateSentences(evaluator, options, beside, evaluations);
      out.print(Reports.markdown(evaluations));
      comparisons = comparisons(evaluations, beside.keySet(), options.inversion().seed());
      if (!comparisons.isEmpty()) {
        out.println();
        out.print(Reports.comparisons(comparisons));
      }
      if (options.curve()) {
        curves = CostCurve.of(evaluations, embedder);
        out.println();
        out.print(Reports.curves(curves));
      }
      printExamples(evaluations.get(0), options.examples());
    }
    Optional<NeighbourCheck> neighbours = Optional.empty();
    if (options.neighbours() > 0) {
      EvaluationSet set =
          sentences(options).sample(options.neighbours(), options.inversion().seed());
      Cancellation cancellation = options.inversion().cancellation();
      long seed = options.inversion().seed();
      neighbours = Optional.of(NeighbourCheck.of(embedder, set, seed, listener, cancellation));
      out.print(Reports.markdown(neighbours.get()));
    }
    Optional<PassageEvaluation> passages = Optional.empty();
    if (options.passages() > 0 && !options.inversion().cancellation().requested()) {
      EvaluationSet set =
          options.passageTexts().isPresent()
              ? EvaluationSet.read(options.passageTexts().get())
              : EvaluationSet.wikipediaDevPassages();
      set = set.sample(options.passages(), options.inversion().seed());
      int total = set.size() * Evaluator.PASSAGE_LENGTHS.size();
      passages =
          Optional.of(
              evaluator.runPassages(
                  options.search(),
                  inverter,
                  set,
                  Evaluator.PASSAGE_LENGTHS,
                  options.inversion().toBuilder()
                      .listener(listener.counting("passages", total))
                      .build()));
      if (!evaluations.isEmpty()) {
        out.println();
      }
      out.print(Reports.markdown(passages.get()));
    }
    out.flush();
    if (options.json().isPresent()) {
      Files.writeString(
          options.json().get(),
          Reports.json(evaluations, comparisons, curves, neighbours, passages),
          UTF_8);
    }
    return new Results(evaluations, comparisons, curves, neighbours, passages);
  }

  private void evaluateSentences(
      Evaluator evaluator,
      EvalOptions options,
      Map<String, Inverter> beside,
      List<Evaluation> evaluations)
      throws IOException {
    EvaluationSet whole = sentences(options);
    EvaluationSet set = whole.sample(options.limit(), options.inversion().seed());
    evaluations.add(evaluate(evaluator, options.search(), inverter, set, options));
    for (Map.Entry<String, Inverter> other : beside.entrySet()) {
      if (!options.inversion().cancellation().requested()) {
        evaluations.add(evaluate(evaluator, other.getKey(), other.getValue(), set, options));
      }
    }
    if (options.floors() && !options.inversion().cancellation().requested()) {
      try (Inverter floor = new RandomSentence(whole, embedder)) {
        evaluations.add(evaluate(evaluator, "random sentence", floor, set, options));
      }
    }
    if (options.corpus().isPresent() && !options.inversion().cancellation().requested()) {
      Path corpus = options.corpus().get();
      Path parent = corpus.toAbsolutePath().getParent();
      Path cache = options.cache().orElse(parent == null ? Path.of("") : parent);
      try (NearestNeighbour floor =
          NearestNeighbour.open(
              corpus, cache, embedder, listener, options.inversion().cancellation())) {
        String name = String.format(Locale.ROOT, "nearest of %,d", floor.size());
        evaluations.add(evaluate(evaluator, name, floor, set, options));
      }
    }
  }

  /**
   * Of those beside the inverter with it, unless cancelled: then they are not of the same texts.
   */
  private List<Comparison> comparisons(
      List<Evaluation> evaluations, Set<String> beside, long seed) {
    if (!evaluations.stream().allMatch(Evaluation::complete)) {
      return List.of();
    }
    Evaluation first = evaluations.get(0);
    return evaluations.subList(1, evaluations.size()).stream()
        .filter(e -> beside.contains(e.provenance().inverter()))
        .map(e -> Comparison.of(e, first, embedder, seed))
        .toList();
  }

  private EvaluationSet sentences(EvalOptions options) throws IOException {
    EvaluationSet whole;
    if (options.texts().isPresent()) {
      whole = EvaluationSet.read(options.texts().get());
    } else if (options.cut() > 0) {
      whole = EvaluationSet.wikipediaDevPassages();
    } else {
      whole = EvaluationSet.shipped(options.split());
    }
    if (options.cut() > 0) {
      whole = PassageCutter.of(embedder).cut(whole, options.cut());
    }
    return options.bucket().isPresent() ? whole.bucket(options.bucket().get()) : whole;
  }

  private Evaluation evaluate(
      Evaluator evaluator, String name, Inverter what, EvaluationSet set, EvalOptions options) {
    InversionOptions inversion =
        options.inversion().toBuilder()
            .trace(options.curve() || options.inversion().trace())
            .listener(listener.counting(name, set.size()))
            .build();
    return evaluator.run(name, what, set, inversion);
  }

  private void printExamples(Evaluation evaluation, int perBucket) {
    if (perBucket == 0) {
      return;
    }
    out.println();
    String bucket = "";
    int printed = 0;
    for (Evaluation.Item item : evaluation.items()) {
      printed = item.bucket().equals(bucket) ? printed + 1 : 1;
      bucket = item.bucket();
      if (printed <= perBucket) {
        print(item);
      }
    }
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
    evaluation.items().forEach(this::print);
    long exact = evaluation.items().stream().filter(Evaluation.Item::exact).count();
    out.printf(
        Locale.ROOT,
        "%d of %d recovered exactly, up to what the embedder can see.%n",
        exact,
        evaluation.items().size());
    out.flush();
    return new Results(
        List.of(evaluation), List.of(), List.of(), Optional.empty(), Optional.empty());
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

  private void print(Evaluation.Item item) {
    out.printf("%-6s target     %s%n", item.bucket(), item.target());
    out.printf("%-6s recovered  %s%n", "", item.recovered());
    out.printf(
        Locale.ROOT,
        "%-6s %-9s  cosine %.6f, %s, %,d embeddings, %.2f s%n%n",
        "",
        verdict(item),
        item.cosine(),
        item.exact() ? "same text" : "other text",
        item.embeddings(),
        item.seconds());
  }

  private static String verdict(Evaluation.Item item) {
    return item.verdict().map(Figures::name).orElse("error");
  }
}
