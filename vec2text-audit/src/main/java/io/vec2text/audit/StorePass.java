package io.vec2text.audit;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.Lists;
import io.vec2text.Embedder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is found out in the one pass over all records.
 *
 * @param deleted looks for deleted ids, if some were given
 * @param known looks for known texts, if some were given
 * @param triage predicts words, if asked to
 */
record StorePass(
    Optional<DeletedIds> deleted,
    Optional<KnownTexts> known,
    Optional<TriagePass> triage,
    DuplicateFinder duplicates) {
  /** Texts that are embedded in one call. */
  private static final int BATCH = 256;

  /**
   * The vectors of texts; empty if there are none.
   *
   * @param embedder null only if there are no texts
   */
  static Optional<List<float[]>> embedded(List<String> texts, @Nullable Embedder embedder) {
    if (texts.isEmpty()) {
      return Optional.empty();
    }
    List<float[]> vectors = new ArrayList<>();
    for (List<String> batch : Lists.partition(texts, BATCH)) {
      vectors.addAll(List.of(requireNonNull(embedder, "embedder").embed(batch)));
    }
    return Optional.of(vectors);
  }

  /** The vectors that canaries have in a store that changes none. */
  static List<Sample.Sought> sought(List<Canary> canaries, @Nullable Embedder embedder) {
    List<float[]> vectors =
        embedded(canaries.stream().map(Canary::text).toList(), embedder).orElse(List.of());
    List<Sample.Sought> sought = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      sought.add(new Sample.Sought(canaries.get(i).id(), vectors.get(i)));
    }
    return sought;
  }

  /** All that are to see every record. */
  List<RecordObserver> observers() {
    List<RecordObserver> observers = new ArrayList<>(List.of(duplicates));
    deleted.ifPresent(observers::add);
    known.ifPresent(observers::add);
    triage.ifPresent(observers::add);
    return observers;
  }

  /** The most suspected records besides those of a sample; none if no words were predicted. */
  List<Sample.Drawn> suspects(int count, Sample sample) {
    return triage.map(t -> t.toInvert(count, sample)).orElse(List.of());
  }

  /** What was found. */
  WholeStore found(String source) {
    return new WholeStore(
        deleted.map(d -> d.found(source)),
        known.map(KnownTexts::found),
        triage.map(TriagePass::found),
        duplicates.found());
  }
}
