package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ObjectArrays;
import com.sun.net.httpserver.HttpExchange;
import io.vec2text.testing.LoopbackServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lm probe} and {@code lm observe --endpoint} against a server in llama.cpp's style. */
final class LmServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int VOCABULARY = 300;
  private static final int HEADER = 128;

  @TempDir private Path folder;

  private final Cli cli = new Cli();
  private final AtomicInteger requests = new AtomicInteger();
  private LoopbackServer server;
  private volatile int status = 200;

  @BeforeEach
  void start() {
    server = new LoopbackServer("/", this::answer);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    byte[] sent = exchange.getRequestBody().readAllBytes();
    ObjectNode root = JSON.createObjectNode();
    if (exchange.getRequestURI().getPath().equals("/v1/models")) {
      ObjectNode model = root.putArray("data").addObject().put("owned_by", "llamacpp");
      model.putObject("meta").put("n_vocab", VOCABULARY);
    } else {
      JsonNode asked = JSON.readTree(sent);
      root.put("content", "a").putArray("tokens").add(0);
      ArrayNode all = root.putArray("completion_probabilities");
      ArrayNode top = all.addObject().put("id", 0).put("logprob", log(0)).putArray("top_logprobs");
      for (int i = 0; i < Math.min(VOCABULARY, asked.path("n_probs").asInt()); i++) {
        top.addObject().put("id", i).put("logprob", log(i));
      }
    }
    LoopbackServer.answer(exchange, status, root.toString());
  }

  /** Of a geometric distribution. */
  private static double log(int token) {
    double ratio = 0.98;
    return token * Math.log(ratio) + Math.log((1 - ratio) / (1 - Math.pow(ratio, VOCABULARY)));
  }

  private String url() {
    return "http://localhost:" + server.port();
  }

  private Cli.Run lm(String command, Object... options) {
    return cli.run(
        ObjectArrays.concat(
            new Object[] {"lm", command, "--endpoint", url(), "--prompt", "a secret"},
            options,
            Object.class));
  }

  @Test
  void aProbeReportsWhatACallerCanRecover() throws IOException {
    Path json = folder.resolve("probe.json");
    Cli.Run run = lm("probe", "--json", json);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).isEqualTo("vec2text: asks the server 30 times at most (--max-calls)\n");
    assertThat(run.out())
        .contains("can recover the whole distribution of the next token after a prompt: in 1 call")
        .contains("Advice to the owner of the server:")
        .doesNotContain("secret");
    assertThat(JSON.readTree(json.toFile()).path("vocabulary").asInt()).isEqualTo(VOCABULARY);
    assertThat(lm("probe", "--json", json).err()).contains("exists already, --force replaces it");
  }

  @Test
  void anObservationThroughAServerIsWrittenAsOneOfAPackage() throws IOException {
    Path file = folder.resolve("seen.npy");
    Path answers = folder.resolve("answers");
    Cli.Run run = lm("observe", "--prompt", "b", "--output", file, "--answers", answers);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("2 distributions by all log-probabilities in one answer");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.capacity()).isEqualTo(HEADER + 2 * VOCABULARY * Float.BYTES);
    assertThat(bytes.getFloat(HEADER + 4 * 10)).isEqualTo((float) log(10));
    int before = requests.get();
    run = lm("observe", "--prompt", "b", "--output", file, "--answers", answers, "--force");
    assertThat(run.status()).as(run.err()).isZero();
    // The list of models alone.
    assertThat(requests.get()).isEqualTo(before + 1);
  }

  @Test
  void whatIsWrongIsSaidInOneLine() {
    status = 401;
    assertThat(lm("probe").err().lines())
        .last()
        .asString()
        .endsWith("/v1/models answered 401: it asks for a key, and none was given");
    status = 200;
    assertThat(lm("probe", "--max-calls", 2).err())
        .contains("the server was called 2 times, which is the most that it may be");
    lm("probe", "--max-calls", 0).saysOneLine(2, "--max-calls must be at least 1, was 0");
    assertThat(lm("probe", "--style", "ollama").err())
        .contains("the style is ollama, expected auto, llama.cpp, vllm or openai");
    assertThat(lm("observe", "--output", folder.resolve("a.npy"), "--top", 5).err())
        .contains("--top, --decimals and --temperature are of --lm");
    assertThat(lm("observe", "--output", folder.resolve("a.npy"), "--lm", folder).err())
        .contains("expected either --lm=<dir> or --endpoint=<url>");
    assertThat(cli.run("lm", "probe", "--prompt", "a").err()).contains("expected --endpoint=<url>");
  }
}
