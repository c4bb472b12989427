package io.vec2text.eval;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import io.vec2text.Embedder;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.eval.internal.BatchInversion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Measures inverters: embeds texts, hands the vectors and nothing else to the inverter, and
 * compares what comes back with the texts.
 *
 * <p>Cosines are measured anew with the evaluator's embedder, and exactness is decided by comparing
 * texts, so nothing that the inverter claims is taken on trust but what it spent.
 */
public final class Evaluator {
  private final Embedder embedder;
  private final Storage storage;
  private final int threads;
  private final ImmutableMap<String, String> versions;

  /** An evaluator of vectors in single precision, whose provenance names Java's processors. */
  public Evaluator(Embedder embedder) {
    this(
        embedder,
        Storage.NumberFormat.FLOAT32,
        Runtime.getRuntime().availableProcessors(),
        Map.of());
  }

  /**
   * An evaluator.
   *
   * @param embedder embeds the texts and what is recovered; not closed by the evaluator
   * @param storage what a store leaves of the vectors before they are inverted
   * @param threads threads that the models run on, for the provenance
   * @param versions versions of models and libraries, for the provenance; those of this library and
   *     of Java are added
   */
  public Evaluator(Embedder embedder, Storage storage, int threads, Map<String, String> versions) {
    this.embedder = requireNonNull(embedder, "embedder");
    this.storage = requireNonNull(storage, "storage");
    checkArgument(threads > 0, "threads must be at least 1, were %s", threads);
    this.threads = threads;
    String version = Evaluator.class.getPackage().getImplementationVersion();
    this.versions =
        ImmutableMap.<String, String>builder()
            .put("vec2text", version == null ? "development" : version)
            .put("java", Runtime.version().toString())
            .put("os", System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""))
            .putAll(versions)
            .buildKeepingLast();
  }

  /**
   * Evaluates an inverter on a set of texts.
   *
   * @param name what to call the inverter
   * @param inverter an inverter of the embedder's space
   * @param set at least one text
   * @param options the budget of each vector, the seed, a listener that hears of each text by its
   *     number in the order of {@link Evaluation#items}, and a cancellation
   * @return the figures; those of the texts that were finished, if cancelled
   * @throws IllegalArgumentException if the set is empty or the spaces differ
   */
  public Evaluation run(
      String name, Inverter inverter, EvaluationSet set, InversionOptions options) {
    checkArgument(set.size() > 0, "the set %s is empty", set.name());
    Provenance provenance = provenance(name, inverter, set, options);
    BatchInversion inversion = new BatchInversion(embedder, storage::keep, storage.left());
    List<Evaluation.Row> rows = new ArrayList<>();
    List<Evaluation.Item> items = new ArrayList<>();
    Duration wall = Duration.ZERO;
    Function<String, WordKind> kinds = WordKind.by(set.texts());
    for (String bucket : set.buckets()) {
      List<String> texts = set.bucket(bucket).texts();
      BatchInversion.Inverted inverted = inversion.invert(inverter, texts, options, items.size());
      List<Evaluation.Item> scored = ItemFigures.of(bucket, inversion, inverted, kinds);
      if (!scored.isEmpty()) {
        rows.add(RowFigures.of(bucket, scored, embedder, inverted.wall(), options.seed()));
      }
      items.addAll(scored);
      wall = wall.plus(inverted.wall());
      if (scored.size() < texts.size()) {
        break;
      }
    }
    if (rows.size() > 1) {
      rows.add(RowFigures.of(EvaluationSet.ALL, items, embedder, wall, options.seed()));
    }
    return new Evaluation(provenance, rows, items, items.size() == set.size());
  }

  /**
   * What makes an evaluation.
   *
   * @throws IllegalArgumentException if the inverter is for another space than the embedder
   */
  public Provenance provenance(
      String name, Inverter inverter, EvaluationSet set, InversionOptions options) {
    checkArgument(
        inverter.space().modelId().equals(embedder.space().modelId()),
        "the inverter is for %s, the embedder of %s",
        inverter.space(),
        embedder.space());
    return new Provenance(
        name,
        embedder.space().toString(),
        storage,
        set.name(),
        set.sha256(),
        options.seed(),
        options.maxEmbeddings(),
        options.timeLimit(),
        threads,
        versions);
  }
}
