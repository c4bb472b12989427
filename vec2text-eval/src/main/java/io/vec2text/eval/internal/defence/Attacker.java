package io.vec2text.eval.internal.defence;

import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import java.util.List;

/**
 * Inverts vectors of which it reads only what a store kept. It is handed the originals, as every
 * inverter is, so that what it finds is compared with them.
 *
 * @param inverter inverts what was restored; not closed with this
 * @param transform what the store did
 * @param attack what is done about it
 */
record Attacker(Inverter inverter, Transform transform, Attack attack) implements Inverter {

  @Override
  public EmbeddingSpace space() {
    return inverter.space();
  }

  @Override
  public List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
    return inverter.invertAll(vectors.stream().map(this::restored).toList(), options);
  }

  /** What the attacker makes of one stored vector. */
  float[] restored(float[] vector) {
    return attack.restore(transform, vector);
  }
}
