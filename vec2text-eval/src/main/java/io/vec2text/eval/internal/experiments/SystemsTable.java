package io.vec2text.eval.internal.experiments;

import static java.util.Objects.requireNonNull;

import com.google.common.base.Suppliers;
import io.vec2text.Embedder;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.Evaluator;
import io.vec2text.eval.Storage;
import io.vec2text.eval.internal.setup.EvalListener;
import io.vec2text.eval.internal.setup.NearestNeighbour;
import io.vec2text.eval.internal.setup.PassageCutter;
import io.vec2text.search.IterativeInverter;
import io.vec2text.search.Search;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.WordPredictor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Measures the systems that Morris et al. (2023) compare in one table, and more, on the same texts:
 * bag of words, first guess, one and many corrections, sequence beam search, pool search, each of
 * the correcting ones with feedback and without, the nearest neighbour in a corpus, and two floors.
 *
 * <p>The settings are passages cut to exactly 32 tokens, as published, and whole sentences by
 * length. Searches may spend what they need; only the pool search has the budget of the options.
 */
public final class SystemsTable {
  /** The bucket of cut passages, as everywhere, so that a seed draws the same ones. */
  static final String CUT = String.valueOf(TableOptions.PUBLISHED_TOKENS);

  private static final String POOL = "pool search";
  private static final String PREFIX_DECODER = "decoder conditioned by one prefix vector";

  private final Embedder embedder;
  private final Corrector corrector;
  private final Optional<PrefixDecoder> prefixDecoder;
  private final List<AskedSystem> asked;
  private final PublishedFigures published;
  private final EvalListener listener;

  /**
   * A decoder conditioned by one prefix vector.
   *
   * @param corrector writes its guesses; not closed by the table
   * @param version what tells it from others, for the record
   */
  public record PrefixDecoder(Corrector corrector, String version) {}

  /**
   * A table of texts and their vectors.
   *
   * @param embedder the embedder; not closed by the table
   * @param corrector writes guesses and corrections in the same space; not closed by the table
   * @param prefixDecoder a decoder conditioned by one prefix vector, in the same space
   * @param listener hears of the progress
   */
  public SystemsTable(
      Embedder embedder,
      Corrector corrector,
      Optional<PrefixDecoder> prefixDecoder,
      EvalListener listener) {
    this(embedder, corrector, prefixDecoder, List.of(), PublishedFigures.GTR, listener);
  }

  /**
   * A table of a language model's hidden prompts, beside the published one of those (Morris et al.
   * 2024).
   *
   * @param embedder the language model as an embedder of prompts; not closed by the table
   * @param corrector writes guesses and corrections in the same space; not closed by the table
   * @param asked systems that ask the language model itself
   * @param listener hears of the progress
   */
  public static SystemsTable ofPrompts(
      Embedder embedder, Corrector corrector, List<AskedSystem> asked, EvalListener listener) {
    return new SystemsTable(
        embedder, corrector, Optional.empty(), asked, PublishedFigures.LLAMA, listener);
  }

  private SystemsTable(
      Embedder embedder,
      Corrector corrector,
      Optional<PrefixDecoder> prefixDecoder,
      List<AskedSystem> asked,
      PublishedFigures published,
      EvalListener listener) {
    this.embedder = requireNonNull(embedder, "embedder");
    this.corrector = requireNonNull(corrector, "corrector");
    this.prefixDecoder = requireNonNull(prefixDecoder, "prefixDecoder");
    this.asked = List.copyOf(asked);
    this.published = published;
    this.listener = requireNonNull(listener, "listener");
  }

  /**
   * Measures all systems.
   *
   * @param soFar is handed what is known after each row, because a run takes hours
   * @return the figures; those of the rows that were finished, if cancelled
   * @throws IOException if a file can't be read or written
   * @throws IllegalArgumentException if there is no such setting, or fewer than two texts
   */
  public TableEvaluation run(TableOptions options, Consumer<TableEvaluation> soFar)
      throws IOException {
    EvaluationSet set = texts(options);
    Measuring measuring = new Measuring(options, set, soFar);
    // Embedded once for all rows that need to know a text by its vector.
    Supplier<TargetTexts> targets = Suppliers.memoize(() -> new TargetTexts(set, embedder));
    Optional<WordPredictor> predictor = corrector.wordPredictor();
    if (predictor.isPresent()) {
      measuring.add(
          new MeasuredSystem(
              "bag of words", Feedback.NONE, new MostProbableWords(predictor.get(), embedder), 1));
    } else {
      measuring.leaveOut("bag of words", "the corrector predicts no words");
    }
    addPrefixDecoder(measuring, options);
    addAsked(measuring, targets);
    MeasuredSystem base = search("base, 0 steps", Feedback.NONE, Search.greedy(0), 1);
    measuring.add(base);
    int steps = options.steps();
    int width = options.width();
    addCorrecting(measuring, "1 step", 1, 1);
    addCorrecting(measuring, steps + " steps", steps, 1);
    addCorrecting(measuring, steps + " steps + sequence beam of " + width, steps, width);
    int budget = options.inversion().maxEmbeddings();
    measuring.add(
        new MeasuredSystem(
            POOL,
            Feedback.WITHHELD,
            inverter(new NoFeedbackCorrector(corrector), Search.pool()),
            budget,
            "from its models only; the search still compares"));
    MeasuredSystem pool = search(POOL, Feedback.WITH, Search.pool(), budget);
    try (Inverter remembering =
        options.resumable(pool.title(), pool.inverter(), measuring.options(pool))) {
      measuring.measure(pool, remembering);
      addNearestNeighbour(measuring, options);
      measuring.add(
          new MeasuredSystem(
              "floor: base, of a random vector",
              Feedback.NONE,
              SubstitutedVectors.random(base.inverter(), options.inversion().seed()),
              1));
      // Costs no search: the vectors are those of the row above.
      measuring.measure(
          new MeasuredSystem(
              "floor: " + POOL + ", of another text's vector", Feedback.NONE, remembering, budget),
          SubstitutedVectors.shuffled(remembering, targets.get()));
    }
    return measuring.evaluation(measuring.live());
  }

  private void addPrefixDecoder(Measuring measuring, TableOptions options) throws IOException {
    if (prefixDecoder.isEmpty()) {
      measuring.leaveOut(PREFIX_DECODER, "none was given");
    } else if (measuring.live()) {
      String version = prefixDecoder.get().version();
      Inverter inverter = inverter(prefixDecoder.get().corrector(), Search.greedy(0));
      MeasuredSystem system =
          new MeasuredSystem(PREFIX_DECODER, Feedback.NONE, inverter, 1, "models " + version);
      // What another decoder wrote must not be taken for this one's.
      try (Inverter remembering =
          options.resumable(PREFIX_DECODER + " " + version, inverter, measuring.options(system))) {
        measuring.measure(system, remembering);
      }
    }
  }

  private void addAsked(Measuring measuring, Supplier<TargetTexts> targets) throws IOException {
    if (asked.isEmpty() || !measuring.live()) {
      return;
    }
    TargetTexts texts = targets.get();
    for (AskedSystem system : asked) {
      AskedInverter inTurn = AskedInverter.inTurn(system, texts, embedder);
      int ways = system.ways();
      String name = system.name() + (ways > 1 ? ", one of " + ways + " in turn" : "");
      measuring.add(new MeasuredSystem(name, Feedback.NONE, inTurn, 1, system.remark()));
      if (ways > 1) {
        measuring.add(
            new MeasuredSystem(
                system.name() + ", best of " + ways + " (oracle)",
                Feedback.NONE,
                inTurn.oracle(),
                ways,
                "the answer closest to the text, which no attacker can choose"));
      }
    }
  }

  private void addNearestNeighbour(Measuring measuring, TableOptions options) throws IOException {
    Optional<NearestNeighbour> corpus =
        measuring.live() ? options.nearestNeighbour(embedder, listener) : Optional.empty();
    if (corpus.isPresent()) {
      try (NearestNeighbour neighbour = corpus.get()) {
        measuring.add(new MeasuredSystem(neighbour.name(), Feedback.NONE, neighbour, 1));
      }
    } else {
      measuring.leaveOut("nearest neighbour in a corpus", "no corpus was given");
    }
  }

  private void addCorrecting(Measuring measuring, String name, int steps, int width)
      throws IOException {
    measuring.add(
        new MeasuredSystem(
            name, Feedback.WITHHELD, new CorrectionWithoutFeedback(corrector, steps, width), 1));
    int most = Search.maxEmbeddings(steps, width);
    measuring.add(search(name, Feedback.WITH, Search.sequenceBeam(steps, width), most));
  }

  private MeasuredSystem search(String name, Feedback feedback, Search search, int budget) {
    return new MeasuredSystem(name, feedback, inverter(corrector, search), budget);
  }

  /** Never closed, as that would close embedder and corrector. */
  @SuppressWarnings("resource")
  private Inverter inverter(Corrector with, Search search) {
    return IterativeInverter.builder(embedder, with).search(search).build();
  }

  private EvaluationSet texts(TableOptions options) throws IOException {
    EvaluationSet sentences = options.readSentences();
    List<EvaluationSet.Entry> entries = new ArrayList<>();
    if (embedder.tokenization().isPresent()) {
      PassageCutter cutter = PassageCutter.of(embedder);
      for (String passage : options.readPassages().texts()) {
        cutter
            .cut(passage, TableOptions.PUBLISHED_TOKENS)
            .ifPresent(text -> entries.add(new EvaluationSet.Entry(CUT, text)));
      }
    }
    entries.addAll(sentences.entries());
    EvaluationSet all = EvaluationSet.of(sentences.name(), entries);
    return (options.bucket().isPresent() ? all.bucket(options.bucket().get()) : all)
        .sample(options.limit(), options.inversion().seed());
  }

  /** The rows measured so far. */
  private final class Measuring {
    private final TableOptions options;
    private final EvaluationSet set;
    private final Consumer<TableEvaluation> soFar;
    private final Evaluator evaluator;
    private final List<TableEvaluation.Row> rows = new ArrayList<>();

    Measuring(TableOptions options, EvaluationSet set, Consumer<TableEvaluation> soFar) {
      this.options = options;
      this.set = set;
      this.soFar = soFar;
      evaluator =
          new Evaluator(
              embedder, Storage.NumberFormat.FLOAT32, options.threads(), options.versions());
    }

    boolean live() {
      return !options.inversion().cancellation().requested();
    }

    InversionOptions options(MeasuredSystem system) {
      return options.inversion().toBuilder()
          .maxEmbeddings(system.maxEmbeddings())
          .listener(listener.counting(system.title(), set.size()))
          .build();
    }

    void leaveOut(String system, String why) {
      rows.add(new TableEvaluation.Row(system, Feedback.NONE, Optional.empty(), why));
    }

    void add(MeasuredSystem system) throws IOException {
      if (live()) {
        try (Inverter inverter =
            options.resumable(system.title(), system.inverter(), options(system))) {
          measure(system, inverter);
        }
      }
    }

    void measure(MeasuredSystem system, Inverter inverter) {
      if (!live()) {
        return;
      }
      Evaluation evaluation = evaluator.run(system.title(), inverter, set, options(system));
      if (evaluation.complete()) {
        rows.add(
            new TableEvaluation.Row(
                system.name(), system.feedback(), Optional.of(evaluation), system.remark()));
        soFar.accept(evaluation(false));
      }
    }

    TableEvaluation evaluation(boolean complete) {
      return new TableEvaluation(
          set.buckets(), rows, published, complete, options.sha256().isEmpty());
    }
  }
}
