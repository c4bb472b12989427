package io.vec2text.eval.internal.defence;

import io.vec2text.Embedder;
import io.vec2text.Vectors;
import io.vec2text.spi.ForwardingEmbedder;
import java.util.Arrays;
import java.util.List;

/**
 * Does to the vectors of guesses what was done to the target's: stores them, and restores what can
 * be. So the true text comes as close as if nothing had been lost, while others may, too.
 */
final class DefendedEmbedder extends ForwardingEmbedder {
  private final Transform transform;
  private final Attack attack;

  /**
   * Repeats a transform and an attack.
   *
   * @param embedder gives the vectors; not closed with this
   * @param transform what the store does, the same each time
   * @param attack what is done about it
   */
  DefendedEmbedder(Embedder embedder, Transform transform, Attack attack) {
    super(embedder);
    this.transform = transform;
    this.attack = attack;
  }

  @Override
  public float[][] embed(List<String> texts) {
    return Arrays.stream(delegate().embed(texts))
        .map(v -> Vectors.unit(attack.restore(transform, v)))
        .toArray(float[][]::new);
  }

  @Override
  public void close() {}
}
