package io.vec2text.eval.internal.defence;

import io.vec2text.Embedder;
import io.vec2text.Inverter;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.internal.setup.VectorMatrix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * What all rows of one run share.
 *
 * @param inverter what thieves use who compare vectors as they are
 * @param comparing makes inverters, by a name and the embedder that they compare guesses by
 * @param embedder the embedder
 * @param collection the documents and queries
 * @param documents their vectors
 * @param queries their vectors
 * @param known vectors of texts that attackers may know, a power of two of them
 * @param trainer trains an attack on pairs of its own, if asked for
 * @param meter inverts the sentences
 * @param floor what a random other sentence scores
 * @param seed of keys and intervals
 */
record DefenceMeasurement(
    Inverter inverter,
    BiFunction<String, Embedder, Inverter> comparing,
    Embedder embedder,
    RetrievalCollection collection,
    VectorMatrix documents,
    VectorMatrix queries,
    List<float[]> known,
    Optional<Trainer> trainer,
    LeakageMeter meter,
    Evaluation floor,
    long seed) {

  /** The undefended store. */
  DefenceEvaluation.Row undefended() {
    return new DefenceEvaluation.Row(
        "none",
        false,
        OptionalDouble.empty(),
        retrieval(Transform.NONE),
        List.of(naive("none", Transform.NONE)),
        Optional.empty(),
        Optional.of(0));
  }

  /**
   * A defence.
   *
   * @param undefended the leak that it counts against
   * @throws CancellationException if cancelled
   */
  DefenceEvaluation.Row row(Defence defence, Leakage undefended) {
    Transform transform = defence.fit(documents, seed);
    RetrievalQuality retrieval = retrieval(transform);
    KnownPairs pairs = KnownPairs.of(known, transform);
    List<Leakage> leaks = new ArrayList<>();
    leaks.add(naive(defence.name(), transform));
    boolean naiveSuffices = leaks.get(0).reaches(undefended);
    IntFunction<Leakage> informed =
        n -> {
          String stage = defence.name() + ", " + n + " pairs";
          Leakage leak = leak(stage, defence, transform, defence.attack(pairs.first(n)), n);
          leaks.add(leak);
          return leak;
        };
    boolean most = informed.apply(pairs.size()).reaches(undefended);
    Optional<Integer> pairsToBreak = Optional.empty();
    if (naiveSuffices) {
      pairsToBreak = Optional.of(0);
    } else if (most) {
      pairsToBreak = Optional.of(fewest(pairs.size(), n -> informed.apply(n).reaches(undefended)));
    }
    Optional<Leakage> trained = Optional.empty();
    if (!defence.secret() && !naiveSuffices) {
      trained = trainer.map(t -> trained(defence, transform, t));
    }
    leaks.sort(Comparator.comparingInt(Leakage::pairs));
    return new DefenceEvaluation.Row(
        defence.name(),
        defence.secret(),
        defence.expectedCosine(documents.dimension()),
        retrieval,
        leaks,
        trained,
        pairsToBreak);
  }

  /**
   * The least power of two that is enough, by bisection: a leak takes minutes to measure, and more
   * pairs make no worse an attack.
   *
   * @param most a power of two that is enough
   */
  static int fewest(int most, IntPredicate enough) {
    int low = 0;
    int high = Integer.numberOfTrailingZeros(most);
    while (low < high) {
      int middle = (low + high) / 2;
      if (enough.test(1 << middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return 1 << high;
  }

  /** The rows measured so far. */
  DefenceEvaluation evaluation(List<DefenceEvaluation.Row> rows, boolean complete) {
    return new DefenceEvaluation(
        floor.provenance(),
        documents.rows(),
        queries.rows(),
        known.size(),
        trainer.map(Trainer::source),
        floor.rows(),
        rows,
        complete);
  }

  private Leakage naive(String name, Transform transform) {
    Attack attack = Attack.naive(documents.dimension());
    return meter.measure(name + ", naive", new Attacker(inverter, transform, attack), 0);
  }

  private Leakage trained(Defence defence, Transform transform, Trainer by) {
    Attack attack = by.attack(defence.name() + ", training", transform);
    return leak(defence.name() + ", trained", defence, transform, attack, by.pairs());
  }

  /** What an attacker reads who knows the defence, and repeats it on his guesses if that can be. */
  private Leakage leak(
      String stage, Defence defence, Transform transform, Attack attack, int pairs) {
    if (!defence.repeatable()) {
      return meter.measure(stage, new Attacker(inverter, transform, attack), pairs);
    }
    Embedder repeating = new DefendedEmbedder(embedder, transform, attack);
    try (Inverter own = comparing.apply(stage, repeating)) {
      return meter.measure(stage, new Attacker(own, transform, attack), pairs);
    }
  }

  private RetrievalQuality retrieval(Transform transform) {
    return RetrievalQuality.of(collection, documents, queries, transform, seed);
  }
}
