package io.vec2text.audit;

import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.Vectors;
import io.vec2text.audit.detect.DataType;
import io.vec2text.audit.detect.Detectors;
import io.vec2text.audit.detect.WordCues;
import io.vec2text.eval.Rate;
import io.vec2text.spi.WordPredictor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Predicts words and length of every record, some hundred at a time, and keeps the most suspected
 * ones: what is held does not grow with the store. The result does not depend on the order of the
 * records, unless several share a name.
 */
final class TriagePass implements RecordObserver {
  private static final int BATCH = 256;
  private static final int WORDS = 32;

  /** Suspects that a report can list. */
  private static final int LISTED = 200;

  private static final Comparator<Held> FOREMOST =
      Comparator.comparingDouble((Held h) -> -h.harm)
          .thenComparing(h -> h.suspect.record().name())
          .thenComparing(h -> h.suspect.record().index());

  private final WordPredictor predictor;
  private final int dimension;
  private final int kept;
  private final Detectors detectors;
  private final Map<String, String> truth;
  private final List<RecordId> records = new ArrayList<>();
  private final List<float[]> vectors = new ArrayList<>();
  private final PriorityQueue<Held> foremost = new PriorityQueue<>(FOREMOST.reversed());
  private final TreeMap<Integer, Long> lengths = new TreeMap<>();
  private final Map<DataType, Long> kinds = new LinkedHashMap<>();
  private long predicted;
  private long skipped;
  private long tooLong;
  private long suspected;
  private int known;
  private int holding;
  private int knownSuspected;
  private int right;

  /** A suspect, with its vector as it is stored, and the harm to expect of it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Held(Triage.Suspect suspect, float[] vector, double harm) {}

  /**
   * Nothing predicted yet.
   *
   * @param dimension of vectors in the inverter's space
   * @param kept suspects to hold, besides those that a report lists
   * @param truth the texts of records, where they are known, by id or number
   */
  TriagePass(
      WordPredictor predictor,
      int dimension,
      int kept,
      Detectors detectors,
      Map<String, String> truth) {
    this.predictor = predictor;
    this.dimension = dimension;
    this.kept = kept + LISTED;
    this.detectors = detectors;
    this.truth = truth;
  }

  @Override
  public void see(RecordId record, float @Nullable [] vector) {
    if (vector == null) {
      return;
    }
    double norm = Vectors.norm(vector);
    if (vector.length != dimension || !(norm > 0) || Double.isInfinite(norm)) {
      skipped++;
      return;
    }
    records.add(record);
    vectors.add(vector);
    if (records.size() == BATCH) {
      predict();
    }
  }

  private void predict() {
    List<PredictedWords> all =
        predictor.predict(vectors.stream().map(Vectors::unit).toList(), WORDS);
    for (int i = 0; i < all.size(); i++) {
      judge(records.get(i), vectors.get(i), all.get(i));
    }
    predicted += all.size();
    records.clear();
    vectors.clear();
  }

  private void judge(RecordId record, float[] vector, PredictedWords words) {
    int length = 4;
    while (length < words.tokens()) {
      length *= 2;
    }
    lengths.merge(length, 1L, Long::sum);
    tooLong += words.exceedsSupportedLength() ? 1 : 0;
    Triage.@Nullable Suspect worst = null;
    double harm = 0;
    for (Map.Entry<DataType, Double> each : WordCues.suspicion(words.words()).entrySet()) {
      if (each.getValue() >= Triage.SUSPECTED) {
        kinds.merge(each.getKey(), 1L, Long::sum);
        double here = each.getValue() * each.getKey().harm();
        if (worst == null || here > harm) {
          worst = new Triage.Suspect(record, each.getKey(), each.getValue());
          harm = here;
        }
      }
    }
    check(record, worst != null);
    if (worst != null) {
      suspected++;
      foremost.add(new Held(worst, vector, harm));
      if (foremost.size() > kept) {
        foremost.remove();
      }
    }
  }

  /** Compares a suspicion with the true text, if that is known. */
  private void check(RecordId record, boolean suspicious) {
    String text = truth.get(record.id().orElse(String.valueOf(record.index())));
    if (text != null) {
      boolean holds = !detectors.detect(text).isEmpty();
      known++;
      holding += holds ? 1 : 0;
      knownSuspected += suspicious ? 1 : 0;
      right += holds && suspicious ? 1 : 0;
    }
  }

  /** What was found, without anything inverted. */
  Triage found() {
    if (!records.isEmpty()) {
      predict();
    }
    return new Triage(
        predicted,
        skipped,
        lengths,
        tooLong,
        suspected,
        kinds,
        foremost.stream().sorted(FOREMOST).limit(LISTED).map(Held::suspect).toList(),
        List.of(),
        known == 0
            ? Optional.empty()
            : Optional.of(
                new Triage.Quality(
                    new Rate(holding, known),
                    new Rate(right, knownSuspected),
                    new Rate(right, holding))));
  }

  /**
   * The most suspected records that are inverted for nothing else.
   *
   * @param count how many at most
   */
  List<Sample.Drawn> toInvert(int count, Sample sample) {
    Set<RecordId> others = new HashSet<>();
    sample.records().forEach(drawn -> others.add(drawn.id()));
    sample.canaries().values().forEach(planted -> others.add(planted.drawn().id()));
    return foremost.stream()
        .sorted(FOREMOST)
        .filter(held -> !others.contains(held.suspect.record()))
        .limit(count)
        .map(held -> Sample.apart(held.suspect.record(), held.vector))
        .toList();
  }
}
