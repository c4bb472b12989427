package io.vec2text.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InferenceException;
import io.vec2text.testing.EmbedderContract;
import io.vec2text.testing.ToyEmbedder;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class Langchain4jEmbedderTest extends EmbedderContract {
  @Override
  protected Embedder create() {
    return Langchain4jEmbedder.of(new ToyModel(), ToyEmbedder.SPACE, 3);
  }

  @Test
  void aModelThatKnowsItsDimensionNeedsANameOnly() {
    Embedder embedder = Langchain4jEmbedder.of(new ToyModel(), "toy");
    assertThat(embedder.space()).isEqualTo(EmbeddingSpace.of("toy", ToyEmbedder.DIMENSION));
    assertThat(embedder).hasToString("Langchain4jEmbedder[toy (64)]");
  }

  @Test
  void answersThatDoNotFitAreNamed() {
    EmbeddingModel few = new Giving(List.of());
    EmbeddingModel none = new Giving(Collections.singletonList(null));
    EmbeddingModel other = new Giving(List.of(Embedding.from(new float[] {1, 2})));
    assertThatExceptionOfType(InferenceException.class)
        .isThrownBy(() -> embed(few))
        .withMessage("langchain4j's model of m gave 0 vectors, expected one for each of 1 texts");
    assertThatExceptionOfType(InferenceException.class)
        .isThrownBy(() -> embed(none))
        .withMessageContaining("text 1 of 1: the vector is null");
    assertThatExceptionOfType(InferenceException.class)
        .isThrownBy(() -> embed(other))
        .withMessageContaining("vector has dimension 2, but m has dimension 3");
  }

  /** Whatever it is asked for. */
  private record Giving(List<Embedding> embeddings) implements EmbeddingModel {
    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
      return Response.from(embeddings);
    }
  }

  private static float[][] embed(EmbeddingModel model) {
    return Langchain4jEmbedder.of(model, EmbeddingSpace.of("m", 3)).embed(List.of("a"));
  }
}
