package io.vec2text.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import io.vec2text.testing.ToyEmbedder;
import java.util.Arrays;
import java.util.List;

/** The toy behind langchain4j's interface; its vectors have any length. */
final class ToyModel implements EmbeddingModel {
  private final ToyEmbedder toy = new ToyEmbedder();

  @Override
  public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
    float[][] vectors = toy.embed(segments.stream().map(TextSegment::text).toList());
    for (float[] vector : vectors) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] *= 3;
      }
    }
    return Response.from(Arrays.stream(vectors).map(Embedding::from).toList());
  }

  @Override
  public int dimension() {
    return ToyEmbedder.DIMENSION;
  }
}
