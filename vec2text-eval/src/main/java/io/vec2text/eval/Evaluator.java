package io.vec2text.eval;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Lists;
import io.vec2text.Embedder;
import io.vec2text.InversionListener;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.Tokenization;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.eval.internal.PassageCutter;
import io.vec2text.internal.Alignment;
import io.vec2text.internal.WordsAndMarks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Measures inverters: embeds texts, hands the vectors and nothing else to the inverter, and
 * compares what comes back with the texts.
 *
 * <p>Cosines are measured anew with the evaluator's embedder, and exactness is decided by comparing
 * texts, so nothing that the inverter claims is taken on trust but what it spent.
 */
public final class Evaluator {
  /** The lengths in tokens, special ones included, of the passages that go beyond any range. */
  public static final ImmutableList<Integer> PASSAGE_LENGTHS = ImmutableList.of(64, 128, 256);

  // Vectors in one call of an inverter: bounds what a search keeps in memory, and what a cancelled
  // evaluation loses.
  private static final int BATCH = 256;
  private static final ImmutableList<Integer> WORD_LISTS = ImmutableList.of(10, 20, 32);
  private static final int SPECIAL_TOKENS = 2;

  private final Embedder embedder;
  private final Storage storage;
  private final int threads;
  private final ImmutableMap<String, String> versions;

  /** An evaluator of vectors in single precision, whose provenance names Java's processors. */
  public Evaluator(Embedder embedder) {
    this(embedder, NumberFormat.FLOAT32, Runtime.getRuntime().availableProcessors(), Map.of());
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
    checkSpace(inverter);
    List<Evaluation.Row> rows = new ArrayList<>();
    List<Evaluation.Item> items = new ArrayList<>();
    Duration wall = Duration.ZERO;
    Function<String, WordKind> kinds = WordKind.by(set.texts());
    for (String bucket : set.buckets()) {
      List<String> texts = set.bucket(bucket).texts();
      Inversion inversion = invert(inverter, texts, options, items.size());
      List<Evaluation.Item> scored = score(bucket, inversion, kinds);
      if (!scored.isEmpty()) {
        rows.add(row(bucket, scored, inversion.wall, options.seed()));
      }
      items.addAll(scored);
      wall = wall.plus(inversion.wall);
      if (scored.size() < texts.size()) {
        break;
      }
    }
    if (rows.size() > 1) {
      rows.add(row(EvaluationSet.ALL, items, wall, options.seed()));
    }
    return new Evaluation(provenance(name, set, options), rows, items, items.size() == set.size());
  }

  /**
   * Checks what an inverter says of passages that are longer than it can write. Of each passage it
   * cuts, for every length, a run of whole words that has exactly as many tokens.
   *
   * @param name what to call the inverter
   * @param inverter an inverter of the embedder's space
   * @param passages texts longer than the lengths asked for; shorter ones are left out
   * @param lengths lengths in tokens; one that leaves no room for two special tokens within the
   *     embedder's limit is lowered until it does: 256 to 254 for all-MiniLM-L6-v2
   * @param options as for {@link #run}; the listener's numbers count on over the lengths
   * @return the figures
   * @throws IllegalArgumentException if the embedder shows no tokens, a length is below 1, or the
   *     spaces differ
   */
  public PassageEvaluation runPassages(
      String name,
      Inverter inverter,
      EvaluationSet passages,
      List<Integer> lengths,
      InversionOptions options) {
    checkSpace(inverter);
    PassageCutter cutter = PassageCutter.of(embedder);
    Tokenization tokenization = cutter.tokenization();
    int limit = embedder.space().tokenLimit() - SPECIAL_TOKENS;
    List<PassageEvaluation.Row> rows = new ArrayList<>();
    boolean complete = true;
    int before = 0;
    for (int length : capped(lengths, limit)) {
      List<String> texts =
          passages.texts().stream().flatMap(p -> cutter.cut(p, length).stream()).toList();
      Inversion inversion = invert(inverter, texts, options, before);
      before += texts.size();
      if (!inversion.outcomes.isEmpty()) {
        rows.add(passageRow(length, inversion, tokenization));
      }
      if (inversion.outcomes.size() < texts.size()) {
        complete = false;
        break;
      }
    }
    return new PassageEvaluation(provenance(name, passages, options), rows, complete);
  }

  private static ImmutableSortedSet<Integer> capped(List<Integer> lengths, int limit) {
    ImmutableSortedSet.Builder<Integer> capped = ImmutableSortedSet.naturalOrder();
    for (int length : lengths) {
      checkArgument(length > 0, "lengths must be at least 1, one was %s", length);
      capped.add(Math.min(length, limit));
    }
    return capped.build();
  }

  private void checkSpace(Inverter inverter) {
    checkArgument(
        inverter.space().modelId().equals(embedder.space().modelId()),
        "the inverter is for %s, the embedder of %s",
        inverter.space(),
        embedder.space());
  }

  private Provenance provenance(String name, EvaluationSet set, InversionOptions options) {
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

  /** The outcomes of the first of some texts, of all unless cancelled. */
  private record Inversion(
      List<String> texts, List<float[]> targets, List<Outcome> outcomes, Duration wall) {}

  private Inversion invert(
      Inverter inverter, List<String> texts, InversionOptions options, int before) {
    List<String> inverted = new ArrayList<>();
    List<float[]> targets = new ArrayList<>();
    List<Outcome> outcomes = new ArrayList<>();
    long nanos = 0;
    for (List<String> batch : Lists.partition(texts, BATCH)) {
      if (options.cancellation().requested()) {
        break;
      }
      List<float[]> vectors = embed(batch);
      int offset = before + outcomes.size();
      InversionListener listener =
          (index, outcome) -> options.listener().finished(offset + index, outcome);
      long start = System.nanoTime();
      // Experiments measure searches, also of vectors that no model gave.
      InversionOptions.Builder each = options.toBuilder().listener(listener).searchAnyway(true);
      storage.left().ifPresent(each::truncated);
      List<Outcome> found =
          inverter.invertAll(vectors.stream().map(storage::keep).toList(), each.build());
      nanos += System.nanoTime() - start;
      for (int i = 0; i < batch.size(); i++) {
        if (isCancelled(found.get(i))) {
          return new Inversion(inverted, targets, outcomes, Duration.ofNanos(nanos));
        }
        inverted.add(batch.get(i));
        targets.add(vectors.get(i));
        outcomes.add(found.get(i));
      }
    }
    return new Inversion(inverted, targets, outcomes, Duration.ofNanos(nanos));
  }

  private static boolean isCancelled(Outcome outcome) {
    return outcome.result().filter(r -> r.stop() == StopReason.CANCELLED).isPresent();
  }

  private List<float[]> embed(List<String> texts) {
    List<float[]> vectors = new ArrayList<>();
    for (List<String> batch : Lists.partition(texts, BATCH)) {
      vectors.addAll(Arrays.asList(embedder.embed(batch)));
    }
    return vectors;
  }

  private List<Evaluation.Item> score(
      String bucket, Inversion inversion, Function<String, WordKind> kinds) {
    List<String> recovered = new ArrayList<>();
    for (Outcome outcome : inversion.outcomes) {
      recovered.add(outcome.result().map(InversionResult::text).orElse(""));
    }
    List<float[]> vectors = embed(recovered);
    List<Overlap> overlaps = Overlap.of(embedder, recovered, inversion.texts);
    List<Evaluation.Item> items = new ArrayList<>();
    for (int i = 0; i < recovered.size(); i++) {
      String target = inversion.texts.get(i);
      String text = recovered.get(i);
      String normalTarget = embedder.normalize(target);
      String normalText = embedder.normalize(text);
      Optional<InversionResult> result = inversion.outcomes.get(i).result();
      boolean failed = result.isEmpty();
      items.add(
          new Evaluation.Item(
              bucket,
              target,
              text,
              normalText.equals(normalTarget),
              text.equals(target),
              overlaps.get(i),
              PairScores.of(normalText, normalTarget),
              failed ? 0 : Vectors.cosine(vectors.get(i), inversion.targets.get(i)),
              result.map(InversionResult::verdict),
              result.map(r -> r.cost().embedderCalls()).orElse(0),
              result.map(r -> seconds(r.cost().work())).orElse(0.0),
              result.map(r -> words(r, normalTarget, kinds)).orElse(List.of()),
              result.map(InversionResult::trace).orElse(List.of()),
              inversion.outcomes.get(i).error().map(Evaluator::message)));
    }
    return items;
  }

  private static List<Evaluation.Word> words(
      InversionResult result, String normalTarget, Function<String, WordKind> kinds) {
    List<InversionResult.WordProbability> words = result.words();
    boolean[] right =
        Alignment.kept(
            Lists.transform(words, InversionResult.WordProbability::word),
            WordsAndMarks.of(normalTarget));
    List<Evaluation.Word> judged = new ArrayList<>();
    for (int i = 0; i < right.length; i++) {
      InversionResult.WordProbability word = words.get(i);
      judged.add(
          new Evaluation.Word(
              kinds.apply(word.word()), new Calibration.Prediction(word.probability(), right[i])));
    }
    return judged;
  }

  private static Map<WordKind, Calibration> calibrations(List<Evaluation.Word> words) {
    Map<WordKind, Calibration> calibrations = new EnumMap<>(WordKind.class);
    for (WordKind kind : WordKind.values()) {
      calibration(words.stream().filter(w -> w.kind() == kind))
          .ifPresent(c -> calibrations.put(kind, c));
    }
    return calibrations;
  }

  private static Optional<Calibration> calibration(Stream<Evaluation.Word> words) {
    return Calibration.of(words.map(Evaluation.Word::prediction).toList());
  }

  private Evaluation.Row row(String bucket, List<Evaluation.Item> items, Duration wall, long seed) {
    List<String> recovered = items.stream().map(i -> embedder.normalize(i.recovered())).toList();
    List<String> targets = items.stream().map(i -> embedder.normalize(i.target())).toList();
    Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
    for (Verdict verdict : Verdict.values()) {
      verdicts.put(verdict, count(items, i -> i.verdict().equals(Optional.of(verdict))));
    }
    List<Evaluation.Word> words = items.stream().flatMap(i -> i.words().stream()).toList();
    Predicate<Evaluation.Item> calledExact = i -> i.verdict().equals(Optional.of(Verdict.EXACT));
    return new Evaluation.Row(
        bucket,
        new Rate(count(items, Evaluation.Item::exact), items.size()),
        new Rate(count(items, Evaluation.Item::exactRaw), items.size()),
        Summary.of(values(items, i -> i.overlap().f1()), seed),
        Bleu.corpus(recovered, targets),
        CorpusMetric.BLEU.interval(recovered, targets, seed),
        Chrf.corpus(recovered, targets),
        PairScores.mean(items.stream().map(Evaluation.Item::scores).toList()),
        Summary.of(values(items, Evaluation.Item::cosine), seed),
        mean(items, Evaluation.Item::embeddings),
        mean(items, Evaluation.Item::seconds),
        seconds(wall) / items.size(),
        verdicts,
        new Rate(count(items, calledExact.and(Evaluation.Item::exact)), count(items, calledExact)),
        calibration(words.stream()),
        calibrations(words),
        count(items, i -> i.error().isPresent()));
  }

  private PassageEvaluation.Row passageRow(
      int tokens, Inversion inversion, Tokenization tokenization) {
    List<InversionResult> results = new ArrayList<>();
    List<InversionResult.PredictedWords> contents = new ArrayList<>();
    List<Set<String>> truth = new ArrayList<>();
    int exact = 0;
    for (int i = 0; i < inversion.outcomes.size(); i++) {
      Optional<InversionResult> result = inversion.outcomes.get(i).result();
      if (result.isEmpty()) {
        continue;
      }
      results.add(result.get());
      String text = inversion.texts.get(i);
      if (embedder.normalize(result.get().text()).equals(embedder.normalize(text))) {
        exact++;
      }
      if (result.get().predictedWords().isPresent()) {
        contents.add(result.get().predictedWords().get());
        truth.add(WordPieces.of(text, tokenization));
      }
    }
    int n = results.size();
    boolean read = !contents.isEmpty();
    return new PassageEvaluation.Row(
        tokens,
        new Rate(count(results, r -> r.verdict() == Verdict.EXACT), n),
        new Rate(exact, n),
        new Rate(count(results, InversionResult::exceedsSupportedLength), n),
        new Rate(contents.size(), n),
        read ? Optional.of(mean(contents, c -> Math.abs(c.tokens() - tokens))) : Optional.empty(),
        read ? Optional.of(mean(contents, c -> c.tokens() - tokens)) : Optional.empty(),
        WORD_LISTS.stream().map(top -> wordList(top, contents, truth)).toList(),
        mean(results, InversionResult::cosine),
        mean(results, r -> r.cost().embedderCalls()),
        mean(results, r -> seconds(r.cost().work())),
        inversion.outcomes.size() - n);
  }

  private static PassageEvaluation.WordList wordList(
      int top, List<InversionResult.PredictedWords> contents, List<Set<String>> truth) {
    int listed = 0;
    int occur = 0;
    double stated = 0;
    for (int i = 0; i < contents.size(); i++) {
      List<InversionResult.WordProbability> words = contents.get(i).words();
      for (InversionResult.WordProbability word : words.subList(0, Math.min(top, words.size()))) {
        listed++;
        stated += word.probability();
        if (truth.get(i).contains(word.word())) {
          occur++;
        }
      }
    }
    return new PassageEvaluation.WordList(
        top,
        new Rate(occur, listed),
        listed == 0 ? Optional.empty() : Optional.of(stated / listed));
  }

  private static <T> int count(List<T> values, Predicate<? super T> what) {
    return Math.toIntExact(values.stream().filter(what).count());
  }

  private static <T> double[] values(List<T> items, ToDoubleFunction<? super T> value) {
    return items.stream().mapToDouble(value).toArray();
  }

  private static <T> double mean(List<T> items, ToDoubleFunction<? super T> value) {
    return items.stream().mapToDouble(value).average().orElse(0);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static String message(RuntimeException e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}
