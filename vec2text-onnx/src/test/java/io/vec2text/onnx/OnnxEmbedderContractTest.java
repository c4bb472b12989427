package io.vec2text.onnx;

import io.vec2text.Embedder;
import io.vec2text.testing.EmbedderContract;

class OnnxEmbedderContractTest extends EmbedderContract {

  @Override
  protected Embedder create() {
    return OnnxEmbedder.open(ModelPackage.onClassPath("all-MiniLM-L6-v2"), Device.CPU, 1);
  }

  @Override
  protected double tolerance() {
    return 0;
  }
}
