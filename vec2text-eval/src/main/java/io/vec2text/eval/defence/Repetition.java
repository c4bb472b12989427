package io.vec2text.eval.defence;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Vectors;
import java.util.Arrays;
import java.util.List;

/**
 * Does to the vectors of guesses what was done to the target's: stores them, and restores what can
 * be. So the true text comes as close as if nothing had been lost, while others may, too.
 *
 * @param embedder gives the vectors; not closed with this
 * @param transform what the store does, the same each time
 * @param attack what is done about it
 */
record Repetition(Embedder embedder, Transform transform, Attack attack) implements Embedder {

  @Override
  public EmbeddingSpace space() {
    return embedder.space();
  }

  @Override
  public float[][] embed(List<String> texts) {
    return Arrays.stream(embedder.embed(texts))
        .map(v -> Vectors.unit(attack.restore(transform.store(Vectors.unit(v)))))
        .toArray(float[][]::new);
  }

  @Override
  public String normalize(String text) {
    return embedder.normalize(text);
  }
}
