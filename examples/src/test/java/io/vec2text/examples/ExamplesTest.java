package io.vec2text.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Streams;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
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
import io.vec2text.openai.OpenAiEmbedder;
import io.vec2text.search.Search;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    // The target above, and the empty text, once an inverter.
    assertThat(embedder.texts()).isEqualTo(2 + result.cost().embedderCalls());
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

  @Test
  void guessesAreEmbeddedThroughAnEndpointAndNeverTwice(@TempDir Path cache) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String url = "http://localhost:" + server.getAddress().getPort() + "/v1";
    try (OnnxEmbedder model = embedder()) {
      server.createContext("/v1/embeddings", exchange -> answer(exchange, model));
      server.start();
      float[] vector = model.embed(List.of("It rains."))[0];
      try (OpenAiEmbedder endpoint = InvertThroughEndpoint.open(url, cache)) {
        InversionResult result = InvertThroughEndpoint.invert(endpoint, vector, SMALL);
        assertThat(result.text()).isNotEmpty();
        // The empty text too, once an inverter.
        assertThat(endpoint.usage().texts()).isEqualTo(1 + result.cost().embedderCalls());
      }
      server.stop(0);
      try (OpenAiEmbedder endpoint = InvertThroughEndpoint.open(url, cache)) {
        InversionResult result = InvertThroughEndpoint.invert(endpoint, vector, SMALL);
        assertThat(endpoint.usage().cacheHits()).isEqualTo(1 + result.cost().embedderCalls());
        assertThat(endpoint.usage().requests()).isZero();
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aConvertedCheckpointIsInvertedAsPublishedAndCorrected() {
    Path toy = Path.of("../vec2text-onnx/src/test/resources/io/vec2text/onnx/t5-toy");
    try (Vec2Text models = InvertWithCheckpoint.open(toy)) {
      float[] vector = models.embedder().embed(List.of("It rains."))[0];
      for (Search search : List.of(Search.published(2, 2), Search.sequenceBeam(2, 2))) {
        assertThat(InvertWithCheckpoint.invert(models, search, vector, SMALL).text()).isNotEmpty();
      }
      // The corrected form never returns less than it had; which of the two forms finds more is
      // no law.
      double guess = InvertWithCheckpoint.invert(models, Search.greedy(0), vector, SMALL).cosine();
      double corrected =
          InvertWithCheckpoint.invert(models, Search.greedy(2), vector, SMALL).cosine();
      assertThat(corrected).isGreaterThanOrEqualTo(guess - 1e-6);
    }
  }

  /** Answers a request for embeddings, as such servers do. */
  private static void answer(HttpExchange exchange, OnnxEmbedder model) throws IOException {
    try (exchange) {
      ObjectMapper json = new ObjectMapper();
      List<String> texts =
          Streams.stream(json.readTree(exchange.getRequestBody()).get("input"))
              .map(JsonNode::textValue)
              .toList();
      ObjectNode answer = json.createObjectNode();
      for (float[] vector : model.embed(texts)) {
        answer.withArray("data").addObject().set("embedding", json.valueToTree(vector));
      }
      byte[] bytes = json.writeValueAsBytes(answer);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static OnnxEmbedder embedder() {
    return OnnxEmbedder.open(ModelPackage.onClassPath(MODEL), Device.CPU, 0);
  }

  private static MeteredEmbedder metered() {
    return new MeteredEmbedder(embedder());
  }
}
