package io.vec2text.openai;

import io.vec2text.Embedder;
import io.vec2text.testing.EmbedderContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class OpenAiEmbedderContractTest {
  private final FakeEndpoint endpoint = new FakeEndpoint();

  @AfterEach
  void stop() {
    endpoint.close();
  }

  @Nested
  class WithoutCache extends EmbedderContract {
    @Override
    protected Embedder create() {
      return Embedders.of(endpoint).open();
    }
  }

  @Nested
  class WithCache extends EmbedderContract {
    @TempDir Path folder;

    @Override
    protected Embedder create() {
      return Embedders.of(endpoint).cache(folder).maxTextsPerRequest(2).open();
    }
  }
}
