package io.vec2text.eval;

import com.google.common.collect.ImmutableMap;
import io.vec2text.Embedder;
import io.vec2text.Verdict;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** A row and how it is made of its texts. */
record RowFigures(
    String bucket,
    Rate exact,
    Rate exactRaw,
    Summary tokenF1,
    double bleu,
    Interval bleuInterval,
    double chrf,
    PairScores scores,
    Summary cosine,
    double embeddings,
    double seconds,
    double wallSeconds,
    Map<Verdict, Integer> verdicts,
    Rate exactVerdicts,
    Optional<Calibration> words,
    Map<WordKind, Calibration> wordKinds,
    Optional<Calibration> spans,
    int errors)
    implements Evaluation.Row {

  /** Copies. */
  RowFigures {
    wordKinds = ImmutableMap.copyOf(wordKinds);
    verdicts = ImmutableMap.copyOf(verdicts);
  }

  /**
   * Of the texts of a bucket, at least one.
   *
   * @param wall elapsed time of their inversion
   * @param seed seed of the intervals
   */
  static RowFigures of(
      String bucket, List<Evaluation.Item> items, Embedder embedder, Duration wall, long seed) {
    List<String> recovered = items.stream().map(i -> embedder.normalize(i.recovered())).toList();
    List<String> targets = items.stream().map(i -> embedder.normalize(i.target())).toList();
    Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
    for (Verdict verdict : Verdict.values()) {
      verdicts.put(verdict, count(items, i -> i.verdict().equals(Optional.of(verdict))));
    }
    List<Evaluation.Word> words = items.stream().flatMap(i -> i.words().stream()).toList();
    Predicate<Evaluation.Item> calledExact = i -> i.verdict().equals(Optional.of(Verdict.EXACT));
    return new RowFigures(
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
        wall.toNanos() / 1e9 / items.size(),
        verdicts,
        new Rate(count(items, calledExact.and(Evaluation.Item::exact)), count(items, calledExact)),
        calibration(words.stream()),
        calibrations(words),
        Calibration.of(items.stream().flatMap(i -> i.spans().stream()).toList()),
        count(items, i -> i.error().isPresent()));
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

  private static int count(List<Evaluation.Item> items, Predicate<Evaluation.Item> what) {
    return Math.toIntExact(items.stream().filter(what).count());
  }

  private static double[] values(
      List<Evaluation.Item> items, ToDoubleFunction<Evaluation.Item> value) {
    return items.stream().mapToDouble(value).toArray();
  }

  private static double mean(List<Evaluation.Item> items, ToDoubleFunction<Evaluation.Item> value) {
    return items.stream().mapToDouble(value).average().orElse(0);
  }
}
