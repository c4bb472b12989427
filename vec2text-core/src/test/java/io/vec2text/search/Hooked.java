package io.vec2text.search;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Tokenization;
import io.vec2text.testing.ToyEmbedder;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The toy embedder, with something that happens before each call. */
record Hooked(ToyEmbedder toy, Consumer<List<String>> hook) implements Embedder {
  @Override
  public EmbeddingSpace space() {
    return toy.space();
  }

  @Override
  public float[][] embed(List<String> texts) {
    hook.accept(texts);
    return toy.embed(texts);
  }

  @Override
  public String normalize(String text) {
    return toy.normalize(text);
  }

  @Override
  public Optional<Tokenization> tokenization() {
    return toy.tokenization();
  }

  @Override
  public void close() {
    toy.close();
  }
}
