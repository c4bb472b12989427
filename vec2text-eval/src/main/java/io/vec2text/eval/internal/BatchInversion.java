package io.vec2text.eval.internal;

import com.google.common.collect.Lists;
import io.vec2text.Embedder;
import io.vec2text.InversionListener;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * Embeds texts and hands an inverter what a store leaves of their vectors, and nothing else.
 *
 * @param embedder embeds the texts
 * @param storage what a store leaves of a vector
 * @param left how many of the first components are left; empty if all are
 */
public record BatchInversion(Embedder embedder, UnaryOperator<float[]> storage, OptionalInt left) {
  // Vectors in one call of an inverter: bounds what a search keeps in memory, and what a cancelled
  // evaluation loses.
  private static final int BATCH = 256;

  /**
   * The outcomes of the first of some texts, of all unless cancelled.
   *
   * @param texts the texts that were inverted
   * @param targets their vectors before they were stored
   * @param outcomes what the inverter made of each
   * @param wall elapsed time
   */
  public record Inverted(
      List<String> texts, List<float[]> targets, List<Outcome> outcomes, Duration wall) {}

  /**
   * Inverts the vectors of texts, until cancelled.
   *
   * @param before how many texts the options' listener has heard of
   */
  public Inverted invert(
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
      left.ifPresent(each::truncated);
      List<Outcome> found =
          inverter.invertAll(vectors.stream().map(storage).toList(), each.build());
      nanos += System.nanoTime() - start;
      for (int i = 0; i < batch.size(); i++) {
        if (isCancelled(found.get(i))) {
          return new Inverted(inverted, targets, outcomes, Duration.ofNanos(nanos));
        }
        inverted.add(batch.get(i));
        targets.add(vectors.get(i));
        outcomes.add(found.get(i));
      }
    }
    return new Inverted(inverted, targets, outcomes, Duration.ofNanos(nanos));
  }

  private static boolean isCancelled(Outcome outcome) {
    return outcome.result().filter(r -> r.stop() == StopReason.CANCELLED).isPresent();
  }

  /** The vectors of texts. */
  public List<float[]> embed(List<String> texts) {
    List<float[]> vectors = new ArrayList<>();
    for (List<String> batch : Lists.partition(texts, BATCH)) {
      vectors.addAll(Arrays.asList(embedder.embed(batch)));
    }
    return vectors;
  }
}
