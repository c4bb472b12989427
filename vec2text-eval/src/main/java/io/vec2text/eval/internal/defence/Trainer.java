package io.vec2text.eval.internal.defence;

import com.google.common.collect.ImmutableList;
import io.vec2text.Cancellation;
import io.vec2text.Vectors;
import io.vec2text.eval.internal.setup.EvalListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * The attack of an attacker who trains on vectors that he stored himself, as anybody can where a
 * defence has no secret: a {@link Perceptron} learns what {@link LeastSquares} leaves to be
 * restored. One pair in twenty takes no part in that, and shows whether it was worth it; if it was
 * not, least squares are all that is done.
 *
 * @param source what the texts are, for reports
 * @param originals at least two vectors of length 1, of the attacker's own texts
 * @param training for how long
 * @param listener hears of the steps
 * @param cancellation stops the training
 */
record Trainer(
    String source,
    List<float[]> originals,
    Perceptron.Training training,
    EvalListener listener,
    Cancellation cancellation) {
  private static final int HELD_OUT = 20;

  Trainer {
    originals = ImmutableList.copyOf(originals);
  }

  /** Pairs that it makes. */
  int pairs() {
    return originals.size();
  }

  /**
   * Trains against a transform.
   *
   * @param stage what to call it in the progress
   * @throws CancellationException if cancelled
   */
  Attack attack(String stage, Transform transform) {
    KnownPairs pairs = KnownPairs.of(originals, transform);
    int heldOut = Math.max(1, pairs.size() / HELD_OUT);
    KnownPairs learnt = pairs.first(pairs.size() - heldOut);
    Attack linear = LeastSquares.fit(learnt);
    Perceptron more =
        Perceptron.fit(
            learnt.stored(),
            missing(linear, learnt),
            training,
            step -> {
              if (cancellation.requested()) {
                throw new CancellationException(stage + " was cancelled");
              }
              listener.progress(stage, step, training.steps());
            });
    Attack trained = stored -> Vectors.add(linear.restore(stored), more.apply(stored));
    KnownPairs test = pairs.last(heldOut);
    return cosine(trained, test) > cosine(linear, test) ? trained : linear;
  }

  /** What an attack leaves to be added. */
  private static List<float[]> missing(Attack attack, KnownPairs pairs) {
    List<float[]> missing = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      missing.add(
          Vectors.subtract(pairs.originals().get(i), attack.restore(pairs.stored().get(i))));
    }
    return missing;
  }

  private static double cosine(Attack attack, KnownPairs pairs) {
    double sum = 0;
    for (int i = 0; i < pairs.size(); i++) {
      sum += Vectors.cosine(attack.restore(pairs.stored().get(i)), pairs.originals().get(i));
    }
    return sum;
  }
}
