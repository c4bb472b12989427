package io.vec2text.eval.internal.defence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.Resources;
import io.vec2text.eval.internal.setup.VectorMatrix;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetrievalQualityTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void isWhatTrecEvalComputes() throws IOException {
    List<String> lines =
        Resources.readLines(
            Resources.getResource(RetrievalQualityTest.class, "retrieval.jsonl"), UTF_8);
    assertThat(lines).hasSize(60);
    for (String line : lines) {
      JsonNode query = JSON.readTree(line);
      List<String> ids = JSON.convertValue(query.get("ids"), new TypeReference<>() {});
      Map<String, Integer> relevance =
          JSON.convertValue(query.get("relevance"), new TypeReference<>() {});
      float[] scores = JSON.convertValue(query.get("scores"), float[].class);
      List<String> ranking = RetrievalQuality.ranking(ids, scores);
      assertThat(RetrievalQuality.ndcg(ranking, relevance))
          .as(line)
          .isCloseTo(query.get("ndcg").doubleValue(), within(1e-9));
      assertThat(RetrievalQuality.recall(ranking, relevance))
          .as(line)
          .isCloseTo(query.get("recall").doubleValue(), within(1e-9));
    }
  }

  @Test
  void ranksByCosineOfWhatIsStoredWithTheQuery() {
    RetrievalCollection collection =
        new RetrievalCollection(
            "three",
            List.of(text("a"), text("b"), text("c")),
            List.of(text("q")),
            Map.of("q", Map.of("b", 1)));
    VectorMatrix documents =
        VectorMatrix.of(List.of(unit(0.6f, 0.8f), unit(0.8f, 0.6f), unit(0, 1)));
    VectorMatrix queries = VectorMatrix.of(List.of(unit(1, 0)));
    assertThat(quality(collection, documents, queries, Transform.NONE).ndcg().mean()).isOne();
    // A store that scales vectors changes no cosine.
    Transform scaled = v -> v[0] > 0.7f ? v : new float[] {9 * v[0], 9 * v[1]};
    assertThat(quality(collection, documents, queries, scaled).ndcg().mean()).isOne();
    Transform mirrored = v -> new float[] {v[1], v[0]};
    assertThat(quality(collection, documents, queries, mirrored).ndcg().mean())
        .as("third, because its query is not mirrored")
        .isCloseTo(0.5, within(1e-9));
    assertThat(quality(collection, documents, queries, Transform.ofBoth(mirrored)).ndcg().mean())
        .isOne();
    Transform erased = v -> new float[2];
    assertThat(quality(collection, documents, queries, erased).recall().mean()).isOne();
  }

  private static RetrievalQuality quality(
      RetrievalCollection collection,
      VectorMatrix documents,
      VectorMatrix queries,
      Transform transform) {
    return RetrievalQuality.of(collection, documents, queries, transform, 0);
  }

  private static RetrievalCollection.Text text(String id) {
    return new RetrievalCollection.Text(id, "");
  }

  private static float[] unit(float x, float y) {
    return new float[] {x, y};
  }
}
