package io.vec2text.eval.internal.defence;

import static com.google.common.base.Preconditions.checkArgument;
import static io.vec2text.eval.internal.report.Figures.format;
import static java.util.Objects.requireNonNull;

import io.vec2text.Embedder;
import io.vec2text.Inverter;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.Evaluator;
import io.vec2text.eval.Storage;
import io.vec2text.eval.internal.setup.CorpusVectors;
import io.vec2text.eval.internal.setup.EvalListener;
import io.vec2text.eval.internal.setup.RandomSentence;
import io.vec2text.eval.internal.setup.VectorMatrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Measures what defences cost a search and keep from an attacker.
 *
 * <p>The documents of a collection are stored as a defence wants it, and searched for its queries.
 * Sentences of the same documents are stored in the same way, under the same key, and are inverted
 * by two attackers. The naive one knows of no defence and takes the stored vectors as they are. The
 * informed one knows the defence but not its key, and some texts together with their stored
 * vectors; to these pairs it fits what undoes the defence best, and inverts what that restores: an
 * orthogonal matrix for a rotation, an assignment for a shuffle, ridge regression for all others.
 * Where the defence takes neither secret nor chance, he does to the vector of each guess what was
 * done to the target. If asked for, a third one stores texts of its own where that takes no secret,
 * and trains on them.
 */
public final class DefenceLab {
  private final Function<Embedder, Inverter> inverters;
  private final Embedder embedder;
  private final EvalListener listener;

  /**
   * A lab.
   *
   * @param inverters makes what thieves use, given the embedder that it compares guesses by; not
   *     closed by the lab
   * @param embedder the embedder of its space; not closed by the lab
   * @param listener hears of the progress
   */
  public DefenceLab(
      Function<Embedder, Inverter> inverters, Embedder embedder, EvalListener listener) {
    this.inverters = requireNonNull(inverters, "inverters");
    this.embedder = requireNonNull(embedder, "embedder");
    this.listener = requireNonNull(listener, "listener");
  }

  /**
   * Measures the undefended store and each defence. Vectors of the collection are embedded once and
   * kept in the cache directory.
   *
   * @param soFar is handed what is known after each row, because a run takes hours
   * @return the figures; those of the rows that were finished, if cancelled
   * @throws IOException if a file can't be read or written
   * @throws IllegalArgumentException if the collection holds too little, or a defence can't be
   *     applied to vectors of the embedder's dimension
   * @throws CancellationException if cancelled before the undefended store was measured
   */
  public DefenceEvaluation run(DefenceOptions options, Consumer<DefenceEvaluation> soFar)
      throws IOException {
    int dimension = embedder.space().dimension();
    List<Defence> defences =
        options.defences().isEmpty() ? Defence.standard(dimension) : options.defences();
    defences.forEach(defence -> defence.check(dimension));
    try (Inverter attacker = comparing(options, options.search(), embedder)) {
      return run(defences, bench(options, attacker), soFar);
    }
  }

  private static DefenceEvaluation run(
      List<Defence> defences, DefenceMeasurement bench, Consumer<DefenceEvaluation> soFar) {
    List<DefenceEvaluation.Row> rows = new ArrayList<>();
    rows.add(bench.undefended());
    try {
      for (Defence defence : defences) {
        soFar.accept(bench.evaluation(rows, false));
        rows.add(bench.row(defence, rows.get(0).naive()));
      }
    } catch (CancellationException e) {
      return bench.evaluation(rows, false);
    }
    return bench.evaluation(rows, true);
  }

  /** Reads and embeds what all rows share. */
  private DefenceMeasurement bench(DefenceOptions options, Inverter attacker) throws IOException {
    long seed = options.inversion().seed();
    RetrievalCollection collection = RetrievalCollection.read(options.collection());
    List<String> texts = texts(collection.documents());
    SentenceDraw draw =
        SentenceDraw.of(
            collection.name(), texts, embedder, options.sentences(), options.pairs(), seed);
    List<String> known = draw.known().subList(0, Integer.highestOneBit(draw.known().size()));
    VectorMatrix documents = vectors(collection, "documents", texts, options);
    VectorMatrix queries = vectors(collection, "queries", texts(collection.queries()), options);
    LeakageMeter meter =
        new LeakageMeter(
            options.search(),
            new Evaluator(
                embedder, Storage.NumberFormat.FLOAT32, options.threads(), options.versions()),
            draw.targets(),
            vectors(collection, "targets", draw.targets().texts(), options).toList(),
            options.inversion(),
            listener);
    List<float[]> knownVectors = vectors(collection, "known", known, options).toList();
    Optional<Trainer> trainer = trainer(options, draw.targets(), knownVectors);
    Evaluation floor;
    try (RandomSentence sentences = new RandomSentence(draw.all(), embedder)) {
      floor = meter.evaluate("random sentence", sentences);
    }
    return new DefenceMeasurement(
        attacker,
        (stage, oracle) -> comparing(options, options.search() + " " + stage, oracle),
        embedder,
        collection,
        documents,
        queries,
        knownVectors,
        trainer,
        meter,
        floor,
        seed);
  }

  /** One who learns from texts of its own and from the known ones, but from no target. */
  private Optional<Trainer> trainer(
      DefenceOptions options, EvaluationSet targets, List<float[]> known) throws IOException {
    if (options.ownTexts().isEmpty()) {
      return Optional.empty();
    }
    EvaluationSet own = options.ownTexts().get();
    Set<String> secrets =
        targets.texts().stream().map(embedder::normalize).collect(Collectors.toSet());
    List<String> texts =
        own.texts().stream().filter(text -> !secrets.contains(embedder.normalize(text))).toList();
    checkArgument(!texts.isEmpty(), "%s: all texts are to be inverted, none is left", own.name());
    List<float[]> vectors = new ArrayList<>(vectors(own.name(), texts, options).toList());
    vectors.addAll(known);
    Collections.shuffle(vectors, new Random(options.inversion().seed()));
    int steps = options.trainingSteps();
    return Optional.of(
        new Trainer(
            format(
                "%d texts of %s, sha256 %s, and %d known ones, in %d steps",
                texts.size(), own.name(), own.sha256(), known.size(), steps),
            vectors,
            new Perceptron.Training(steps, options.inversion().seed(), options.threads()),
            listener,
            options.inversion().cancellation()));
  }

  /** An inverter that compares guesses by this embedder, and remembers what it finds. */
  private Inverter comparing(DefenceOptions options, String name, Embedder oracle) {
    try {
      return options.resumable(name, inverters.apply(oracle), options.inversion());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private VectorMatrix vectors(
      RetrievalCollection collection, String part, List<String> texts, DefenceOptions options)
      throws IOException {
    return vectors(collection.name() + "-" + part, texts, options);
  }

  private VectorMatrix vectors(String name, List<String> texts, DefenceOptions options)
      throws IOException {
    return CorpusVectors.open(
        name, texts, options.cache(), embedder, listener, options.inversion().cancellation());
  }

  private static List<String> texts(List<RetrievalCollection.Text> texts) {
    return texts.stream().map(RetrievalCollection.Text::text).toList();
  }
}
