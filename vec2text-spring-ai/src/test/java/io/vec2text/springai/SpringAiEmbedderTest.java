package io.vec2text.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InferenceException;
import io.vec2text.testing.EmbedderContract;
import io.vec2text.testing.ToyEmbedder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

class SpringAiEmbedderTest extends EmbedderContract {
  /** The toy behind Spring AI's interface; its vectors have any length. */
  private static final class ToyModel implements EmbeddingModel {
    private final ToyEmbedder toy = new ToyEmbedder();
    private final int lost;

    /** A model that loses so many vectors of each answer. */
    ToyModel(int lost) {
      this.lost = lost;
    }

    @Override
    public EmbeddingResponse call(EmbeddingRequest request) {
      List<Embedding> embeddings = new ArrayList<>();
      for (float[] vector : toy.embed(request.getInstructions())) {
        for (int i = 0; i < vector.length; i++) {
          vector[i] *= 3;
        }
        embeddings.add(new Embedding(vector, embeddings.size()));
      }
      return new EmbeddingResponse(embeddings.subList(0, embeddings.size() - lost));
    }

    @Override
    public float[] embed(Document document) {
      throw new AssertionError("asked for a document's vector");
    }

    @Override
    public int dimensions() {
      return ToyEmbedder.DIMENSION;
    }
  }

  @Override
  protected Embedder create() {
    return SpringAiEmbedder.of(new ToyModel(0), ToyEmbedder.SPACE, 3);
  }

  @Test
  void aModelThatKnowsItsDimensionNeedsANameOnly() {
    Embedder embedder = SpringAiEmbedder.of(new ToyModel(0), "toy");
    assertThat(embedder.space()).isEqualTo(EmbeddingSpace.of("toy", ToyEmbedder.DIMENSION));
    assertThat(embedder).hasToString("SpringAiEmbedder[toy (64)]");
  }

  @Test
  void answersThatDoNotFitAreNamed() {
    assertThatExceptionOfType(InferenceException.class)
        .isThrownBy(() -> SpringAiEmbedder.of(new ToyModel(1), "m").embed(List.of("a", "b")))
        .withMessage("Spring AI's model of m gave 1 vectors, expected one for each of 2 texts");
    assertThatExceptionOfType(InferenceException.class)
        .isThrownBy(
            () ->
                SpringAiEmbedder.of(new ToyModel(0), EmbeddingSpace.of("m", 768))
                    .embed(List.of("a")))
        .withMessage(
            "Spring AI's model of m, text 1 of 1: vector has dimension 64, but m has dimension"
                + " 768");
  }
}
