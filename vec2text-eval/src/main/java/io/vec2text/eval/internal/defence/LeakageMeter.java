package io.vec2text.eval.internal.defence;

import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Vectors;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.Evaluator;
import io.vec2text.eval.internal.setup.EvalListener;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Inverts the same sentences again and again.
 *
 * @param search what to call the inverter of thieves
 * @param evaluator embeds the sentences and scores what is recovered
 * @param targets the sentences
 * @param vectors their vectors, of length 1
 * @param options of each inversion
 * @param listener hears of the progress
 */
record LeakageMeter(
    String search,
    Evaluator evaluator,
    EvaluationSet targets,
    List<float[]> vectors,
    InversionOptions options,
    EvalListener listener) {

  /**
   * Evaluates an inverter on the sentences.
   *
   * @param stage what to call it in the progress
   * @throws CancellationException if cancelled
   */
  Evaluation evaluate(String stage, Inverter inverter) {
    InversionOptions watched =
        options.toBuilder()
            .listener(listener.counting(stage, targets.size()))
            .searchAnyway(true)
            .build();
    Evaluation evaluation = evaluator.run(search, inverter, targets, watched);
    if (!evaluation.complete()) {
      throw new CancellationException(stage + " was cancelled");
    }
    return evaluation;
  }

  /**
   * What an attacker reads.
   *
   * @param pairs known pairs that its attack was fitted to
   * @throws CancellationException if cancelled
   */
  Leakage measure(String stage, Attacker attacker, int pairs) {
    double cosine =
        vectors.stream()
            .mapToDouble(v -> Vectors.cosine(attacker.restored(v), v))
            .average()
            .orElse(0);
    return new Leakage(pairs, cosine, evaluate(stage, attacker).rows());
  }
}
