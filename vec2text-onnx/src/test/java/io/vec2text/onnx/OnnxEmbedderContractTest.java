package io.vec2text.onnx;

import io.vec2text.Embedder;
import io.vec2text.testing.EmbedderContract;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

class OnnxEmbedderContractTest extends EmbedderContract {
  private static final Kept<OnnxEmbedder> EMBEDDER =
      new Kept<>(
          () -> OnnxEmbedder.open(ModelPackage.onClassPath("all-MiniLM-L6-v2"), Device.CPU, 1),
          e -> e.embed(List.of()));

  @Override
  protected Embedder create() {
    return EMBEDDER.get();
  }

  @Override
  protected void release(Embedder embedder) {}

  @AfterAll
  static void closeKept() throws Exception {
    EMBEDDER.close();
  }

  @Override
  protected double tolerance() {
    return 0;
  }
}
