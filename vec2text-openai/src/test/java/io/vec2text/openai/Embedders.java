package io.vec2text.openai;

import io.vec2text.testing.ToyEmbedder;

/** Embedders of a fake endpoint. */
final class Embedders {
  static final String KEY = "sk-test-0123456789";

  private Embedders() {}

  /** The toy's space, a key, no cache, a high cap at 1 a million tokens. */
  static OpenAiEmbedderBuilder of(FakeEndpoint endpoint) {
    return OpenAiEmbedder.builder(ToyEmbedder.SPACE)
        .baseUrl(endpoint.url())
        .environment(name -> name.equals("OPENAI_API_KEY") ? KEY : null)
        .pricePerMillionTokens(1)
        .spendingCap(1000)
        .withoutCache();
  }
}
