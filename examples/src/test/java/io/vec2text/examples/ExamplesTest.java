package io.vec2text.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingStore;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Outcome;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.examples.BringYourOwnEmbedder.MeteredEmbedder;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.ModelPackage;
import io.vec2text.onnx.OnnxEmbedder;
import io.vec2text.onnx.Vec2Text;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExamplesTest {
  private static final String MODEL = "all-MiniLM-L6-v2";
  private static final InversionOptions SMALL =
      InversionOptions.builder().maxEmbeddings(40).build();
  private static final List<String> TEXTS =
      List.of(
          "It rains.", "The meeting is on Monday, at Zoë's café.", "We sold the house last year.");

  @Test
  void aVectorIsInvertedWithinItsBudget() {
    try (Vec2Text inverter = Vec2Text.open(MODEL)) {
      float[] vector = inverter.embedder().embed(List.of("It rains."))[0];
      InversionResult result = InvertVector.invert(inverter, vector, SMALL);
      assertThat(result.text()).isNotEmpty();
      assertThat(result.cost().embedderCalls()).isBetween(1, 40);
      assertThat(InvertVector.report(result))
          .startsWith(result.verdict().name())
          .endsWith(result.text());
    }
  }

  @Test
  void anEmbedderOfOnesOwnIsAskedForEveryEmbedding() {
    MeteredEmbedder embedder = metered();
    float[] vector = embedder.embed(List.of("It rains."))[0];
    InversionResult result = BringYourOwnEmbedder.invert(embedder, vector, SMALL);
    assertThat(embedder.texts()).isEqualTo(1 + result.cost().embedderCalls());
  }

  @Test
  void theBillCountsCallsTextsAndTokens() {
    try (MeteredEmbedder embedder = metered()) {
      embedder.embed(List.of("It rains.", "No."));
      embedder.embed(List.of("Yes"));
      assertThat(embedder.bill()).isEqualTo("2 calls, 3 texts, 6 tokens: $0.000000");
    }
  }

  @Test
  void theStoreGivesEveryVectorAndNoText() {
    EmbeddingStore<TextSegment> store = InvertLangchain4jStore.fill(TEXTS);
    List<float[]> stolen = InvertLangchain4jStore.steal(store, 384, 100);
    assertThat(stolen).hasSameSizeAs(TEXTS);
    // The store's vectors come in another order.
    try (OnnxEmbedder embedder = embedder()) {
      for (float[] vector : embedder.embed(TEXTS)) {
        assertThat(stolen)
            .anySatisfy(
                s -> assertThat(Vectors.cosine(s, vector)).isGreaterThan(Verdict.EXACT_COSINE))
            .allSatisfy(s -> assertThat(Math.abs(Vectors.norm(s) - 1)).isLessThan(1e-5));
      }
    }
  }

  @Test
  void theStoresVectorsAreInverted() {
    try (Vec2Text inverter = Vec2Text.open(MODEL)) {
      List<float[]> stolen =
          InvertLangchain4jStore.steal(InvertLangchain4jStore.fill(TEXTS), 384, 100);
      assertThat(inverter.invertAll(stolen, SMALL))
          .hasSameSizeAs(TEXTS)
          .extracting(Outcome::orThrow)
          .allSatisfy(result -> assertThat(result.text()).isNotEmpty());
    }
  }

  private static OnnxEmbedder embedder() {
    return OnnxEmbedder.open(ModelPackage.onClassPath(MODEL), Device.CPU, 0);
  }

  private static MeteredEmbedder metered() {
    return new MeteredEmbedder(embedder());
  }
}
