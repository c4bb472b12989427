package io.vec2text.lm;

import io.vec2text.Embedder;
import io.vec2text.testing.EmbedderContract;

final class PromptEmbedderTest extends EmbedderContract {
  @Override
  protected Embedder create() {
    return new PromptEmbedder(Toy.open());
  }

  @Override
  protected double tolerance() {
    return 1e-4;
  }
}
