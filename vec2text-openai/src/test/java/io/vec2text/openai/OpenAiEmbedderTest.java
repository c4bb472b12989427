package io.vec2text.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Throwables;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Vec2TextException;
import io.vec2text.Vectors;
import io.vec2text.testing.LoopbackServer;
import io.vec2text.testing.ToyEmbedder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiEmbedderTest {
  private static final List<String> TEXTS = List.of("the old king", "a dog", "rain");

  private final FakeEndpoint endpoint = new FakeEndpoint();
  private final ToyEmbedder toy = new ToyEmbedder();

  @AfterEach
  void stop() {
    endpoint.close();
  }

  private OpenAiEmbedderBuilder builder() {
    return Embedders.of(endpoint).retries(0);
  }

  private static ThrowableAssertAlternative<EndpointException> assertFails(
      OpenAiEmbedderBuilder builder) {
    try (OpenAiEmbedder embedder = builder.open()) {
      return assertThatExceptionOfType(EndpointException.class)
          .isThrownBy(() -> embedder.embed(TEXTS));
    }
  }

  /** Answers rightly, but for a change. */
  private FakeEndpoint.Reply changed(Consumer<ObjectNode> change) {
    return (request, exchange) -> {
      ObjectNode answer = endpoint.answer(request);
      change.accept(answer);
      FakeEndpoint.json(exchange, 200, answer);
    };
  }

  private static ObjectNode item(ObjectNode answer, int i) {
    return (ObjectNode) answer.get("data").get(i);
  }

  @Test
  void aRequestSaysModelTextsAndBase64() {
    try (OpenAiEmbedder embedder = builder().model("toy-1").open()) {
      embedder.embed(TEXTS);
    }
    FakeEndpoint.Request request = endpoint.requests().get(0);
    assertThat(request.body().properties().stream().map(p -> p.getKey()))
        .containsExactlyInAnyOrder("model", "input", "encoding_format");
    assertThat(request.body().get("model").textValue()).isEqualTo("toy-1");
    assertThat(request.body().get("encoding_format").textValue()).isEqualTo("base64");
    assertThat(request.texts()).isEqualTo(TEXTS);
    assertThat(request.authorization()).isEqualTo("Bearer " + Embedders.KEY);
  }

  @Test
  void theDimensionIsSentWhereAskedFor() {
    try (OpenAiEmbedder embedder = builder().sendDimensions(true).open()) {
      embedder.embed(TEXTS);
    }
    assertThat(endpoint.requests().get(0).body().get("dimensions").intValue())
        .isEqualTo(ToyEmbedder.DIMENSION);
  }

  @Test
  void thePrefixOfTheSpaceIsPutBeforeEachText() {
    EmbeddingSpace space =
        new EmbeddingSpace(
            "toy", "", ToyEmbedder.DIMENSION, EmbeddingSpace.Pooling.MEAN, true, "query: ", 64);
    try (OpenAiEmbedder embedder =
        OpenAiEmbedder.builder(space)
            .baseUrl(endpoint.url() + "/")
            .withoutKey()
            .pricePerMillionTokens(0)
            .spendingCap(0)
            .withoutCache()
            .open()) {
      embedder.embed(List.of("", "rain"));
    }
    assertThat(endpoint.requests().get(0).texts()).containsExactly("query: ", "query: rain");
    assertThat(endpoint.requests().get(0).authorization()).isEqualTo("null");
  }

  @Test
  void aTextIsSentOnceHoweverOftenItOccurs() {
    try (OpenAiEmbedder embedder = builder().open()) {
      float[][] vectors = embedder.embed(List.of("rain", "a dog", "rain"));
      assertThat(vectors[2]).isEqualTo(vectors[0]).isNotSameAs(vectors[0]);
    }
    assertThat(endpoint.requests().get(0).texts()).containsExactly("rain", "a dog");
  }

  @Test
  void emptyTextsAndHalfCharactersAreSentAsTheApiAllows() {
    try (OpenAiEmbedder embedder = builder().open()) {
      embedder.embed(List.of("", "a\ud800b"));
    }
    assertThat(endpoint.requests().get(0).texts()).containsExactly(" ", "a?b");
  }

  @Test
  void noTextsNeedNoRequest() {
    try (OpenAiEmbedder embedder = builder().open()) {
      assertThat(embedder.embed(List.of()).length).isZero();
      assertThat(embedder.usage()).isEqualTo(new Usage(0, 0, 0, 0, 0));
    }
    assertThat(endpoint.requests()).isEmpty();
  }

  @Test
  void requestsAreLimitedInTexts() {
    List<String> texts = IntStream.range(0, 5).mapToObj(i -> "text " + i).toList();
    try (OpenAiEmbedder embedder = builder().maxTextsPerRequest(2).open()) {
      embedder.embed(texts);
      assertThat(embedder.usage()).isEqualTo(new Usage(3, 5, 10, 10 / 1e6, 0));
    }
    assertThat(endpoint.requests()).extracting(r -> r.texts().size()).containsExactly(2, 2, 1);
  }

  @Test
  void requestsAreLimitedInTokensAndALongTextGoesAlone() {
    try (OpenAiEmbedder embedder =
        builder().maxTokensPerRequest(10).tokenCounter(String::length).open()) {
      embedder.embed(List.of("abcde", "abcd", "ab", "abcdefghijklmnop", "a", "abcdefghi"));
    }
    assertThat(endpoint.requests())
        .extracting(FakeEndpoint.Request::texts)
        .containsExactly(
            List.of("abcde", "abcd"),
            List.of("ab"),
            List.of("abcdefghijklmnop"),
            List.of("a", "abcdefghi"));
  }

  @Test
  void vectorsAreReadFromBase64AndFromNumbersAlike() {
    try (OpenAiEmbedder embedder = builder().open()) {
      float[][] fromBase64 = embedder.embed(TEXTS);
      endpoint.then(
          (request, exchange) -> {
            ((ObjectNode) request.body()).remove("encoding_format");
            FakeEndpoint.json(exchange, 200, endpoint.answer(request));
          });
      assertThat(embedder.embed(TEXTS)).isDeepEqualTo(fromBase64);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 422})
  void anEndpointThatDoesNotKnowBase64IsAskedForNumbersFromThenOn(int status) {
    endpoint.always(
        (request, exchange) -> {
          if (request.body().has("encoding_format")) {
            LoopbackServer.answer(exchange, status, "");
          } else {
            FakeEndpoint.json(exchange, 200, endpoint.answer(request));
          }
        });
    try (OpenAiEmbedder embedder = builder().open()) {
      float[][] vectors = embedder.embed(TEXTS);
      assertThat(Vectors.cosine(vectors[0], toy.embed(TEXTS)[0])).isGreaterThan(1 - 1e-9);
      embedder.embed(List.of("snow"));
    }
    assertThat(endpoint.requests())
        .extracting(r -> r.body().has("encoding_format"))
        .containsExactly(true, false, false);
  }

  @Test
  void aRequestThatIsWrongEitherWaySaysNothingAboutBase64() {
    FakeEndpoint.Reply tooLong =
        FakeEndpoint.status(400, "{\"error\":{\"message\":\"too many tokens: 9000\"}}");
    endpoint.then(tooLong, tooLong);
    assertFails(builder())
        .withMessage(endpoint.url() + "/embeddings answered 400 (too many tokens: 9000)");
    try (OpenAiEmbedder embedder = builder().open()) {
      embedder.embed(TEXTS);
      endpoint.then(tooLong);
      assertThatExceptionOfType(EndpointException.class).isThrownBy(() -> embedder.embed(TEXTS));
    }
    assertThat(endpoint.requests())
        .extracting(r -> r.body().has("encoding_format"))
        .containsExactly(true, false, true, true);
  }

  @Test
  void vectorsAreSortedByIndex() {
    endpoint.then(
        changed(
            answer -> {
              List<JsonNode> items = new ArrayList<>();
              answer.get("data").forEach(n -> items.add(0, n));
              answer.set("data", FakeEndpoint.JSON.valueToTree(items));
            }),
        changed(answer -> answer.get("data").forEach(n -> ((ObjectNode) n).remove("index"))));
    try (OpenAiEmbedder embedder = builder().open()) {
      assertThat(embedder.embed(TEXTS)).isDeepEqualTo(unit(toy.embed(TEXTS)));
      assertThat(embedder.embed(TEXTS)).isDeepEqualTo(unit(toy.embed(TEXTS)));
    }
  }

  private static float[][] unit(float[][] vectors) {
    return Arrays.stream(vectors).map(Vectors::unit).toArray(float[][]::new);
  }

  @Test
  void vectorsOfANormalisedSpaceAreScaled() {
    float[] two = new float[ToyEmbedder.DIMENSION];
    two[5] = -2;
    endpoint.then(
        changed(
            a ->
                a.get("data")
                    .forEach(n -> ((ObjectNode) n).put("embedding", FakeEndpoint.base64(two)))));
    try (OpenAiEmbedder embedder = builder().open()) {
      assertThat(embedder.embed(List.of("rain"))[0][5]).isEqualTo(-1);
    }
  }

  @Test
  void aWrongCountIsAnError() {
    endpoint.then(changed(a -> ((ArrayNode) a.get("data")).remove(1)));
    assertFails(builder()).withMessageContaining("2 vectors, expected 3");
    endpoint.then(changed(a -> a.remove("data")));
    assertFails(builder()).withMessageContaining("no data, expected 3 vectors");
    endpoint.then(FakeEndpoint.status(200, ""), FakeEndpoint.status(200, "null"));
    assertFails(builder()).withMessageContaining("malformed JSON");
    assertFails(builder()).withMessageContaining("no data");
  }

  @Test
  void anIndexThatOccursTwiceOrIsOutOfRangeIsAnError() {
    endpoint.then(
        changed(a -> item(a, 2).put("index", 0)), changed(a -> item(a, 1).put("index", 3)));
    assertFails(builder()).withMessageContaining("index 0 in item 2, expected each of 0 to 2 once");
    assertFails(builder()).withMessageContaining("index 3 in item 1, expected each of 0 to 2 once");
  }

  @Test
  void aWrongDimensionIsAnError() {
    endpoint.then(
        changed(a -> item(a, 1).put("embedding", FakeEndpoint.base64(new float[] {1, 2, 3}))),
        changed(a -> item(a, 1).put("embedding", "AAAAAAA=")),
        changed(a -> item(a, 1).put("embedding", 7)),
        changed(a -> item(a, 1).putNull("embedding")));
    assertFails(builder()).withMessageContaining("dimension 3, but toy has dimension 64");
    assertFails(builder()).withMessageContaining("5 bytes of base64");
    assertFails(builder()).withMessageContaining("expected numbers or base64");
    assertFails(builder()).withMessageContaining("no embedding in item 1");
  }

  @Test
  void componentsThatAreNoNumbersAreAnError() {
    float[] nan = new float[ToyEmbedder.DIMENSION];
    nan[3] = Float.NaN;
    endpoint.then(
        changed(a -> item(a, 0).put("embedding", FakeEndpoint.base64(nan))),
        FakeEndpoint.status(
            200,
            "{\"data\":[" + "{\"embedding\":[NaN]},{\"embedding\":[1]},{\"embedding\":[1]}" + "]}"),
        changed(
            a ->
                item(a, 0)
                    .put("embedding", FakeEndpoint.base64(new float[ToyEmbedder.DIMENSION]))));
    assertFails(builder()).withMessageContaining("component 3 of the vector is NaN");
    assertFails(
            OpenAiEmbedder.builder(EmbeddingSpace.of("toy", 1))
                .baseUrl(endpoint.url())
                .withoutKey()
                .pricePerMillionTokens(0)
                .spendingCap(0)
                .withoutCache())
        .withMessageContaining("component 0 of the vector is NaN");
    assertFails(builder()).withMessageContaining("the vector is zero");
  }

  @Test
  void malformedJsonIsAnError() {
    endpoint.then(FakeEndpoint.status(200, "<html>Sign in</html>"));
    assertFails(builder()).withMessageContaining("/embeddings gave malformed JSON");
    endpoint.then(FakeEndpoint.status(200, "{\"data\":[{\"embedding\":[1,"));
    assertFails(builder()).withMessageContaining("malformed JSON");
  }

  @Test
  void anAnswerWithoutEndIsBrokenOff() {
    endpoint.then(
        (request, exchange) -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] blanks = " ".repeat(1 << 16).getBytes(US_ASCII);
          for (int i = 0; i < 1 << 10; i++) {
            exchange.getResponseBody().write(blanks);
          }
        });
    assertFails(builder()).withMessageContaining("the answer is longer than");
  }

  @Test
  void refusalsSayWhatToDo() {
    endpoint.then(
        FakeEndpoint.status(404, "{\"error\":{\"message\":\"The model does not exist\"}}"),
        FakeEndpoint.status(403, "{}"),
        FakeEndpoint.status(302, ""),
        FakeEndpoint.status(418, "{\"detail\":\"a\\nteapot\"}"));
    assertFails(builder())
        .withMessage(
            endpoint.url()
                + "/embeddings answered 404: there is no model toy, or no such address"
                + " (The model does not exist)")
        .satisfies(e -> assertThat(e.status()).hasValue(404));
    assertFails(builder()).withMessageContaining("OPENAI_API_KEY is not accepted");
    assertFails(builder()).withMessageEndingWith("answered 302: redirects are not followed");
    assertFails(builder()).withMessageEndingWith("answered 418 (a teapot)");
  }

  @Test
  void noServerThereIsAnError() {
    OpenAiEmbedderBuilder builder = builder();
    endpoint.close();
    assertFails(builder)
        .withMessage("can't connect to " + endpoint.url() + "/embeddings")
        .satisfies(e -> assertThat(e.status()).isEmpty());
  }

  @Test
  void theKeyIsInNoMessage() {
    String echo = "{\"error\":{\"message\":\"Incorrect API key: " + Embedders.KEY + "\"}}";
    endpoint.then(FakeEndpoint.status(401, echo), FakeEndpoint.status(500, echo));
    assertFails(builder())
        .withMessage(
            endpoint.url()
                + "/embeddings answered 401: the key in the environment variable OPENAI_API_KEY is"
                + " not accepted")
        .satisfies(OpenAiEmbedderTest::assertWithoutKey);
    assertFails(builder())
        .withMessageContaining("answered 500 (Incorrect API key: ***)")
        .satisfies(OpenAiEmbedderTest::assertWithoutKey);
    try (OpenAiEmbedder embedder = builder().open()) {
      assertThat(embedder.toString()).isEqualTo("OpenAiEmbedder[toy (fp32, 64)]");
    }
    assertThatExceptionOfType(Vec2TextException.class)
        .isThrownBy(() -> builder().environment(name -> Embedders.KEY + "\nx").open())
        .withMessageContaining("holds characters that no key has")
        .satisfies(OpenAiEmbedderTest::assertWithoutKey);
  }

  private static void assertWithoutKey(Throwable e) {
    assertThat(Throwables.getStackTraceAsString(e)).doesNotContain(Embedders.KEY);
  }

  @Test
  void theKeyComesFromTheVariableNamed() {
    try (OpenAiEmbedder embedder =
        builder()
            .keyVariable("OTHER_KEY")
            .environment(name -> name.equals("OTHER_KEY") ? " sk-other\n" : null)
            .open()) {
      embedder.embed(TEXTS);
    }
    assertThat(endpoint.requests().get(0).authorization()).isEqualTo("Bearer sk-other");
    assertThatExceptionOfType(Vec2TextException.class)
        .isThrownBy(() -> builder().keyVariable("NO_SUCH_KEY").open())
        .withMessageContaining("NO_SUCH_KEY is not set");
  }

  @Test
  void aKeyIsNotSentUnencryptedToAnotherMachine() {
    OpenAiEmbedderBuilder far = builder().baseUrl("http://models.example/v1");
    assertThatIllegalArgumentException()
        .isThrownBy(far::open)
        .withMessage(
            "a key would go unencrypted to http://models.example/v1, expected https, or"
                + " withoutKey()");
    far.withoutKey().open().close();
    builder().baseUrl("https://models.example/v1").open().close();
  }

  @Test
  void priceCapAndCacheMustBeChosen() {
    OpenAiEmbedderBuilder builder = OpenAiEmbedder.builder(ToyEmbedder.SPACE).withoutKey();
    assertThatIllegalStateException()
        .isThrownBy(builder::open)
        .withMessageContaining("pricePerMillionTokens is not set");
    builder.pricePerMillionTokens(0.02);
    assertThatIllegalStateException()
        .isThrownBy(builder::open)
        .withMessageContaining("spendingCap is not set");
    builder.spendingCap(1);
    assertThatIllegalStateException().isThrownBy(builder::open).withMessageContaining("cache");
    builder.withoutCache().open().close();
  }

  @Test
  void settingsAreChecked() {
    OpenAiEmbedderBuilder builder = builder();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.spendingCap(Double.NaN))
        .withMessage("spendingCap must be at least 0 and finite, was NaN");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.pricePerMillionTokens(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.maxTextsPerRequest(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.maxTokensPerRequest(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.requestsPerMinute(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.tokensPerMinute(-5));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.retries(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.timeout(Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    for (String url :
        Set.of("ftp://x/v1", "x", "https:///v1", "https://me:secret@x/v1", "https://x/v1?a=b")) {
      assertThatIllegalArgumentException()
          .as(url)
          .isThrownBy(() -> builder.baseUrl(url))
          .withMessageNotContaining("secret");
    }
  }
}
