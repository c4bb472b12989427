package io.vec2text.eval.defence;

import com.google.common.primitives.Floats;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Inverts each vector once: an attack that undoes a defence wholly comes to the vectors that were
 * inverted without it. For one thread, and for options that do not change but for the listener.
 */
final class RememberingInverter implements Inverter {
  private final Inverter inverter;

  private final Map<List<Float>, Outcome> known = new HashMap<>();

  /** Remembers what an inverter finds, which is not closed with this. */
  RememberingInverter(Inverter inverter) {
    this.inverter = inverter;
  }

  @Override
  public EmbeddingSpace space() {
    return inverter.space();
  }

  @Override
  public List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
    List<Integer> indices = new ArrayList<>();
    Outcome[] outcomes = new Outcome[vectors.size()];
    for (int i = 0; i < outcomes.length; i++) {
      Outcome outcome = known.get(Floats.asList(vectors.get(i)));
      if (outcome == null) {
        indices.add(i);
      } else {
        outcomes[i] = outcome;
        options.listener().finished(i, outcome);
      }
    }
    InversionOptions inner =
        options.toBuilder()
            .listener((i, outcome) -> options.listener().finished(indices.get(i), outcome))
            .build();
    List<Outcome> found = inverter.invertAll(indices.stream().map(vectors::get).toList(), inner);
    for (int i = 0; i < found.size(); i++) {
      Outcome outcome = found.get(i);
      outcomes[indices.get(i)] = outcome;
      if (outcome.result().filter(r -> r.stop() != StopReason.CANCELLED).isPresent()) {
        known.put(Floats.asList(vectors.get(indices.get(i)).clone()), outcome);
      }
    }
    return List.of(outcomes);
  }
}
