package io.vec2text.examples;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.vec2text.InversionOptions;
import io.vec2text.Outcome;
import io.vec2text.onnx.Vec2Text;
import java.util.List;

/**
 * Fills a langchain4j store with vectors only, the texts being kept elsewhere, and shows what
 * somebody reads who may do no more than search that store. From the root of the repository:
 *
 * <pre>{@code
 * mvn -q -Dquick -DskipTests -pl examples -am package exec:java \
 *     -Dexec.mainClass=io.vec2text.examples.InvertLangchain4jStore
 * }</pre>
 */
public final class InvertLangchain4jStore {
  private static final List<String> SECRETS =
      List.of(
          "The merger will be announced on Friday.",
          "He has been taking antidepressants since May.",
          "The password of the router is on the fridge.");

  private InvertLangchain4jStore() {}

  /** Runs the example. */
  public static void main(String[] args) {
    EmbeddingStore<TextSegment> store = fill(SECRETS);
    try (Vec2Text inverter = Vec2Text.open("all-MiniLM-L6-v2")) {
      List<float[]> vectors = steal(store, inverter.space().dimension(), 100);
      // One outcome a vector: a bad one does not spoil the others.
      for (Outcome outcome : inverter.invertAll(vectors, InversionOptions.defaults())) {
        System.out.println(outcome.result().map(InvertVector::report).orElseGet(outcome::toString));
      }
    }
  }

  /** A store that holds the vectors of texts, but not the texts. */
  static EmbeddingStore<TextSegment> fill(List<String> texts) {
    EmbeddingModel model = new AllMiniLmL6V2EmbeddingModel();
    EmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
    store.addAll(model.embedAll(texts.stream().map(TextSegment::from).toList()).content());
    return store;
  }

  /** The vectors of a store, by a search that every vector matches. */
  static List<float[]> steal(EmbeddingStore<?> store, int dimension, int most) {
    float[] anything = new float[dimension];
    anything[0] = 1;
    EmbeddingSearchRequest everything =
        EmbeddingSearchRequest.builder()
            .queryEmbedding(Embedding.from(anything))
            .minScore(0.0)
            .maxResults(most)
            .build();
    return store.search(everything).matches().stream()
        .map(EmbeddingMatch::embedding)
        .map(Embedding::vector)
        .toList();
  }
}
