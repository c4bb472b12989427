package io.vec2text.search;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import java.util.List;

/** An embedder that does not show its tokens. */
record Blind(Embedder embedder) implements Embedder {
  @Override
  public EmbeddingSpace space() {
    return embedder.space();
  }

  @Override
  public float[][] embed(List<String> texts) {
    return embedder.embed(texts);
  }
}
