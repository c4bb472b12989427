package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.Hypothesis;
import io.vec2text.testing.CorrectorContract;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The toy that {@code training/tools/prefix_toy.py} makes, through the contract. */
class PrefixDecoderTest extends CorrectorContract {
  private static final ModelPackage MODEL = ModelPackage.open(T5Toy.folder("prefix-toy"));
  private static final ModelPackage EMBEDDER = ModelPackage.open(T5Toy.folder());

  private @Nullable OnnxEmbedder tokenizing;

  @Override
  protected Corrector create() {
    tokenizing = OnnxEmbedder.open(EMBEDDER, Device.CPU, 0);
    return Models.open(MODEL, tokenizing, Device.CPU, 0).corrector();
  }

  @Override
  protected Embedder embedder() {
    return OnnxEmbedder.open(EMBEDDER, Device.CPU, 0);
  }

  @AfterEach
  void closeTokenizer() {
    if (tokenizing != null) {
      tokenizing.close();
    }
  }

  @Test
  void textsAreThoseOfPyTorchAndHypothesesChangeNothing() throws IOException {
    try (Corrector corrector = create();
        OnnxEmbedder embedder = OnnxEmbedder.open(EMBEDDER, Device.CPU, 0)) {
      JsonMapper mapper = new JsonMapper();
      JsonNode all = mapper.readTree(T5Toy.folder("prefix-toy").resolve("expected.json").toFile());
      assertThat(all).isNotEmpty();
      for (JsonNode expected : all) {
        float[] vector = mapper.convertValue(expected.get("vector"), float[].class);
        int[] ids = mapper.convertValue(expected.get("ids"), int[].class);
        Hypothesis hypothesis = new Hypothesis("the sea", vector, 1);
        for (List<Corrector.Candidate> found :
            corrector.correct(
                List.of(
                    Corrector.Request.first(vector, 1),
                    Corrector.Request.of(vector, hypothesis, 1)),
                Decoding.greedy(),
                new Cancellation())) {
          assertThat(found.get(0).text())
              .isEqualTo(embedder.tokenization().orElseThrow().decode(ids));
        }
      }
    }
  }
}
