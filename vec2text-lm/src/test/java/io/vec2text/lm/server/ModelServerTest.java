package io.vec2text.lm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.Vec2TextException;
import io.vec2text.lm.NextTokenDistribution;
import io.vec2text.lm.server.FakeModelServer.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers on this machine that behave as kinds of servers do. */
@Timeout(60)
final class ModelServerTest {
  private static final String PROMPT = "the secret prompt";
  private static final int VOCABULARY = FakeModelServer.VOCABULARY;

  @TempDir private Path folder;
  private FakeModelServer fake = new FakeModelServer(Kind.LLAMA_CPP);

  @AfterEach
  void stop() {
    fake.close();
  }

  private void use(Kind kind) {
    fake.close();
    fake = new FakeModelServer(kind);
  }

  private ServerOptions options() throws IOException {
    Path tokenizer = folder.resolve("tokenizer.json");
    Files.writeString(tokenizer, FakeModelServer.tokenizer());
    return ModelServer.at(fake.url() + "/v1")
        .tokenizer(tokenizer)
        .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
        .maxCalls(100_000);
  }

  private void assertTrue(NextTokenDistribution found, double tolerance) {
    NextTokenDistribution truth = fake.truth(PROMPT);
    for (int i = 0; i < found.tokens().length(); i++) {
      assertThat(found.logProbabilities().get(i))
          .isCloseTo(truth.logProbability(found.tokens().get(i)).orElseThrow(), within(tolerance));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "LLAMA_CPP, false, WHOLE, 1",
    "LLAMA_CPP, true, WHOLE, 1",
    "VLLM, false, CHOSEN_IDS, 3",
    "VLLM, true, CHOSEN_IDS, 3",
    "OPENAI, false, FORCED_TOKEN, 241",
    "OPENAI, true, FORCED_TOKEN, 241",
    "BIASED, false, TOP_WITH_BIAS, 14",
    "BIASED, true, TOP_WITH_BIAS, 14",
    "ANSWERS, false, BISECTION, 5181",
    "ANSWERS, true, BISECTION, 5181"
  })
  void theWholeDistributionComesBack(Kind kind, boolean chat, ServerMethod method, long calls)
      throws IOException {
    use(kind);
    try (ModelServer server = options().chat(chat).open()) {
      Capabilities shown = server.examine(PROMPT);
      assertThat(server.calls()).isLessThanOrEqualTo(10);
      assertThat(shown.vocabulary()).isEqualTo(VOCABULARY);
      assertThat(shown.best()).as(fake.log()).hasValue(method);
      assertThat(method.calls(shown, VOCABULARY)).isEqualTo(calls);
      long before = server.calls();
      ModelServer.Observation seen = server.observe(PROMPT, shown);
      assertThat(seen.distribution().isFull()).isTrue();
      assertTrue(seen.distribution(), method == ServerMethod.BISECTION ? 2e-4 : 1e-9);
      assertThat(server.calls() - before).isBetween(calls, 2 * calls + 10);
    }
  }

  @Test
  void whereNothingWorksTheMostProbableTokensAreSeen() throws IOException {
    use(Kind.TOP);
    try (ModelServer server = options().open()) {
      Capabilities shown = server.examine(PROMPT);
      assertThat(shown.methods()).isEmpty();
      assertThat(shown.bias()).isEqualTo(Capabilities.Bias.NONE);
      assertThat(server.observe(PROMPT, shown).distribution().tokens().length()).isEqualTo(20);
    }
    use(Kind.CLOSED);
    try (ModelServer server = options().open()) {
      Capabilities shown = server.examine(PROMPT);
      assertThat(shown.topTokens()).isZero();
      assertThatThrownBy(() -> server.observe(PROMPT, shown))
          .isInstanceOf(ServerException.class)
          .hasMessageEndingWith("shows nothing of its distribution");
    }
  }

  @Test
  void aLimitGivesWhatItAllows() throws IOException {
    use(Kind.VLLM);
    try (ModelServer server = options().maxCalls(10).open()) {
      Capabilities shown = server.examine(PROMPT);
      server.allow(1);
      NextTokenDistribution seen = server.observe(PROMPT, shown).distribution();
      assertThat(seen.tokens().length()).isEqualTo(128);
      assertTrue(seen, 1e-9);
    }
    use(Kind.VLLM);
    try (ModelServer server = options().maxCalls(2).open()) {
      assertThatThrownBy(() -> server.examine(PROMPT))
          .isInstanceOf(CallLimitException.class)
          .hasMessage(
              "the server was called 2 times, which is the most that it may be; with a higher"
                  + " limit this goes on");
    }
    assertThat(fake.requests()).hasSize(1);
  }

  @Test
  void answersThatAreKeptAreNotAskedForAgain() throws IOException {
    use(Kind.OPENAI);
    Path file = folder.resolve("answers");
    try (ModelServer server = options().answers(file).maxCalls(50).open()) {
      Capabilities shown = server.examine(PROMPT);
      assertThat(server.observe(PROMPT, shown).distribution().isFull()).isFalse();
      assertThat(server.callsLeft()).isZero();
    }
    // As a kill leaves it.
    Files.writeString(file, "{\"key\":\"abc\",\"cho", StandardOpenOption.APPEND);
    int before = fake.requests().size();
    try (ModelServer server = options().answers(file).open()) {
      Capabilities shown = server.examine(PROMPT);
      assertThat(fake.requests()).hasSize(before);
      NextTokenDistribution seen = server.observe(PROMPT, shown).distribution();
      assertThat(seen.isFull()).isTrue();
      assertTrue(seen, 1e-9);
    }
    // One answer and one examination in all: nothing twice.
    assertThat(fake.requests().stream().distinct().count()).isEqualTo(fake.requests().size() - 1);
    assertThat(Files.readString(file)).doesNotContain("secret").doesNotContain("\"abc\"");
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    try (ModelServer server = options().answers(file).maxCalls(1).open()) {
      Capabilities shown = server.examine(PROMPT);
      assertThat(server.observe(PROMPT, shown).distribution().isFull()).isTrue();
    }
    Files.writeString(file, "something else\n");
    assertThatThrownBy(() -> options().answers(file).open())
        .isInstanceOf(Vec2TextException.class)
        .hasMessageContaining("is not a file of a server's answers");
  }

  @Test
  void theKeyGoesInAHeaderAndIntoNoMessage() throws IOException {
    ServerOptions options =
        options().keyVariable("KEY").environment(name -> "KEY".equals(name) ? "sk-42" : null);
    try (ModelServer server = options.open()) {
      fake.then(FakeModelServer.reply(401, "{\"error\":{\"message\":\"bad key sk-42\"}}"));
      assertThatThrownBy(() -> server.examine(PROMPT))
          .isInstanceOf(ServerException.class)
          .hasMessageEndingWith(
              "answered 401: the key in the environment variable KEY is not accepted");
    }
    assertThat(fake.keys()).containsOnly("Bearer sk-42");
    assertThatThrownBy(() -> options().keyVariable("NONE").environment(name -> null).open())
        .isInstanceOf(Vec2TextException.class)
        .hasMessageContaining("the environment variable NONE is not set");
    assertThatThrownBy(
            () ->
                ModelServer.at("http://example.org")
                    .keyVariable("KEY")
                    .environment(n -> "k")
                    .open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a key would go unencrypted to http://example.org, expected https");
  }

  private void assertSays(String message) throws IOException {
    try (ModelServer server = options().retries(1).open()) {
      assertThatThrownBy(() -> server.examine(PROMPT))
          .isInstanceOf(Vec2TextException.class)
          .message()
          .contains(message)
          .doesNotContain("secret")
          .doesNotContain("\n");
    }
  }

  private static String completion(String logs) {
    return "{\"content\":\"t1\",\"completion_probabilities\":[{\"id\":1,\"logprob\":-0.5,"
        + "\"top_logprobs\":["
        + logs
        + "]}]}";
  }

  @Test
  void whatIsWrongWithAnAnswerIsSaidInOneLine() throws IOException {
    fake.then(FakeModelServer.reply(401, ""));
    assertSays("answered 401: it asks for a key, and none was given");
    fake.then(FakeModelServer.reply(500, "oops"), FakeModelServer.reply(503, "oops"));
    assertSays("answered 503; given up after 2 attempts");
    fake.then(FakeModelServer.retryAfter(429, "3600"));
    assertSays("answered 429: too many requests; it asks to wait 3600 s, longer than the 0 s");
    fake.then(FakeModelServer.reply(200, "{\"content\":\"t1\",\"comple"));
    assertSays("gave malformed JSON");
    fake.then(FakeModelServer.reply(200, "{\"status\":\"ok\"}"));
    assertSays("gave a useless answer: no answer of a language model in it");
    fake.then(FakeModelServer.reply(200, completion("{\"id\":5,\"logprob\":NaN}")));
    assertSays("a log-probability of NaN, expected a number of at most 0");
    fake.then(FakeModelServer.reply(200, completion("{\"id\":5,\"logprob\":12.5}")));
    assertSays("a log-probability of 12.5, expected a number of at most 0");
    fake.then(FakeModelServer.reply(200, completion("{\"id\":5,\"logprob\":null}")));
    assertSays("a log-probability that is null, expected a number");
    fake.then(FakeModelServer.reply(200, completion("{\"id\":260,\"logprob\":-1}")));
    assertSays("a token 260, but the vocabulary has ids from 0 to 259; is it of another model?");
    fake.then(FakeModelServer.reply(302, ""));
    assertSays("answered 302: redirects are not followed");
  }

  @Test
  void whatMayPassIsAskedForAgainAndCounted() throws IOException {
    fake.then(
        FakeModelServer.reply(500, ""),
        FakeModelServer.reply(429, ""),
        FakeModelServer.retryAfter(503, "0"));
    try (ModelServer server = options().style(ServerStyle.LLAMA_CPP).model("toy").open()) {
      assertThat(server.examine(PROMPT).best()).hasValue(ServerMethod.WHOLE);
      assertThat(server.calls()).isEqualTo(fake.requests().size()).isGreaterThan(5);
    }
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws IOException {
    String url = fake.url();
    fake.close();
    assertThatThrownBy(() -> ModelServer.at(url).open())
        .isInstanceOf(ServerException.class)
        .hasMessage("can't connect to " + url + "/v1/models");
    assertThatThrownBy(() -> ModelServer.at("localhost:80"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not of the form http(s)://host");
  }

  @Test
  void whatTheServerDoesNotTellIsAskedOfTheCaller() throws IOException {
    use(Kind.OPENAI);
    fake.withoutList();
    try (ModelServer server = ModelServer.at(fake.url()).open()) {
      assertThat(server.style()).isEqualTo(ServerStyle.OPENAI);
      assertThatThrownBy(() -> server.examine(PROMPT))
          .isInstanceOf(ServerException.class)
          .hasMessageEndingWith(
              "names tokens by their texts, expected ids; give the model's tokenizer.json");
    }
    use(Kind.VLLM);
    try (ModelServer server = ModelServer.at(fake.url()).open()) {
      assertThatThrownBy(() -> server.examine(PROMPT))
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("does not say how many tokens its model has");
    }
    Files.writeString(folder.resolve("t.json"), "{}");
    assertThatThrownBy(() -> ModelServer.at(fake.url()).tokenizer(folder.resolve("t.json")).open())
        .isInstanceOf(Vec2TextException.class)
        .hasMessageContaining("has no model.vocab by token");
  }

  @Test
  void anAnswerIsAText() throws IOException {
    use(Kind.BIASED);
    fake.then(
        FakeModelServer.reply(
            400, "{\"error\":{\"message\":\"Use 'max_completion_tokens' instead.\"}}"));
    try (ModelServer server = options().chat(true).open()) {
      assertThat(server.answer(PROMPT, 5)).matches(" ?t\\d+");
      assertThat(fake.requests().get(0).path("max_tokens").asInt()).isEqualTo(5);
      assertThat(fake.requests().get(1).path("max_completion_tokens").asInt()).isEqualTo(5);
      fake.then(FakeModelServer.reply(200, "{\"choices\":[]}"));
      assertThatThrownBy(() -> server.answer(PROMPT, 5))
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("gave no answer in its first choice");
    }
    try (ModelServer server = options().chat(false).open()) {
      assertThat(server.answer(PROMPT, 1)).matches(" ?t\\d+");
    }
  }

  @Test
  void newerModelsGetTheOtherNameOfTheLimit() throws IOException {
    use(Kind.BIASED);
    fake.then(
        FakeModelServer.reply(
            400, "{\"error\":{\"message\":\"Use 'max_completion_tokens' instead.\"}}"));
    try (ModelServer server = options().chat(true).open()) {
      server.examine(PROMPT);
    }
    assertThat(fake.requests().get(0).has("max_tokens")).isTrue();
    assertThat(fake.requests().get(1).has("max_completion_tokens")).isTrue();
    assertThat(fake.requests().get(2).has("max_completion_tokens")).isTrue();
  }
}
