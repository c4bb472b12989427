package io.vec2text.testing;

import io.vec2text.Embedder;
import io.vec2text.spi.Corrector;
import org.junit.jupiter.api.Nested;

/** The toys keep the contracts. */
class ToyTest {
  @Nested
  class OfTheEmbedder extends EmbedderContract {
    @Override
    protected Embedder create() {
      return new ToyEmbedder();
    }
  }

  @Nested
  class OfTheCorrector extends CorrectorContract {
    @Override
    protected Corrector create() {
      return new ToyCorrector(new ToyEmbedder());
    }

    @Override
    protected Embedder embedder() {
      return new ToyEmbedder();
    }
  }
}
