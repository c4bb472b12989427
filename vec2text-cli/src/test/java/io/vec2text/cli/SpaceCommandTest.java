package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.vec2text.Embedder;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.ModelPackage;
import io.vec2text.onnx.OnnxEmbedder;
import io.vec2text.onnx.SpaceCreator;
import io.vec2text.testing.LoopbackServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spaces of an embedder behind an endpoint, which is all-MiniLM-L6-v2 with its vectors reversed.
 */
final class SpaceCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Embedder embedder;

  private final Cli cli = new Cli(new OnnxEngines());
  @TempDir private Path folder;
  private LoopbackServer server;

  @BeforeAll
  static void open() {
    embedder =
        OnnxEmbedder.open(ModelPackage.onClassPath(EngineSettings.DEFAULT_MODEL), Device.CPU, 0);
  }

  @AfterAll
  static void close() {
    embedder.close();
  }

  @BeforeEach
  void start() {
    server = new LoopbackServer("/v1/embeddings", this::answer);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    JsonNode input = JSON.readTree(exchange.getRequestBody()).get("input");
    List<String> texts = new ArrayList<>();
    input.forEach(text -> texts.add(text.textValue()));
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode data = answer.putArray("data");
    for (float[] vector : embedder.embed(texts)) {
      ObjectNode item = data.addObject().put("index", data.size() - 1);
      ArrayNode numbers = item.putArray("embedding");
      for (int i = vector.length - 1; i >= 0; i--) {
        numbers.add(vector[i]);
      }
    }
    answer.putObject("usage").put("prompt_tokens", 1).put("total_tokens", 1);
    LoopbackServer.answer(exchange, 200, answer.toString());
  }

  @Test
  void vectorsOfAnEndpointAreInvertedInTwoCommands() throws IOException {
    String url = "http://127.0.0.1:" + server.port() + "/v1";
    Path space = folder.resolve("space");
    Cli.Run created =
        cli.run(
            "space",
            "create",
            "--endpoint",
            url,
            "--model-id",
            "example/reversed",
            "--count",
            400,
            "--without-tokens",
            "--output",
            space);
    created.saysOneLine(0, "400 texts, about ", " tokens, about 0.00 at the price given");
    assertThat(created.out()).contains("400 texts, mapped vectors have cosine 0.9");

    Path texts = Files.writeString(folder.resolve("texts.txt"), "He died in 1905.\n");
    Path vectors = folder.resolve("vectors.npy");
    cli.run("embed", texts, "--model", space, "--endpoint", url, "--output", vectors)
        .saysOneLine(0, "1 texts");
    Cli.Run inverted =
        cli.run("invert", vectors, "--model", space, "--endpoint", url, "--max-embeddings", 300);

    assertThat(inverted.status()).as(inverted.err()).isZero();
    JsonNode result = Cli.parse(inverted.out()).get(0);
    assertThat(result.get("text").textValue()).isEqualTo("he died in 1905.");
    assertThat(result.get("verdict").textValue()).isEqualTo("exact");

    Cli.Run known = cli.run("space", "identify", vectors, "--space", space);
    assertThat(known.status()).as(known.err()).isZero();
    assertThat(known.out().lines())
        .anyMatch(line -> line.startsWith("plausible example/reversed (384): distance "))
        .anyMatch(line -> line.startsWith("no        sentence-transformers/all-MiniLM-L6-v2"));
    Cli.Run unknown = cli.run("space", "identify", vectors);
    assertThat(unknown.status()).isEqualTo(1);
    assertThat(unknown.out()).contains("unknown   none of the spaces there are");
  }

  @Test
  void bgeSmallIsInvertedAndToldFromTheBase() throws IOException {
    Path texts = Files.writeString(folder.resolve("texts.txt"), "He died in 1905.\n");
    Path vectors = folder.resolve("vectors.npy");
    cli.run("embed", texts, "--model", "BAAI/bge-small-en-v1.5", "--output", vectors)
        .saysOneLine(0, "1 texts");

    Cli.Run identified = cli.run("space", "identify", vectors);
    assertThat(identified.status()).isZero();
    assertThat(identified.out().lines())
        .anyMatch(line -> line.startsWith("plausible BAAI/bge-small-en-v1.5 (fp32, 384)"))
        .anyMatch(line -> line.startsWith("no        sentence-transformers/all-MiniLM-L6-v2"));
    Cli.Run inverted =
        cli.run("invert", vectors, "--model", "bge-small-en-v1.5", "--max-embeddings", 300);
    assertThat(Cli.parse(inverted.out()).get(0).get("text").textValue())
        .isEqualTo("he died in 1905.");
    assertThat(cli.run("invert", vectors, "--max-embeddings", 300).err())
        .contains("this is not one of this model's vectors")
        .contains("the vectors may be those of BAAI/bge-small-en-v1.5: try --model BAAI/bge-small");
  }

  @Test
  void pairsAloneMakeASpaceInWhichNothingIsExact() throws IOException {
    List<String> sentences = SpaceCreator.of(embedder).limit(400).distinctTexts();
    Path texts = Files.write(folder.resolve("texts.txt"), sentences);
    Path vectors = folder.resolve("vectors.npy");
    cli.run("embed", texts, "--output", vectors).saysOneLine(0, "400 texts");
    Path space = folder.resolve("old");
    Object[] create = {"space", "create", "--pairs", vectors, "--model-id", "old", "--texts"};

    Cli.Run made = cli.run(and(create, texts, "--output", space));
    assertThat(made.status()).as(made.err()).isZero();
    assertThat(made.out()).contains("400 texts, mapped vectors have cosine ");

    Path few = Files.write(folder.resolve("few.txt"), sentences.subList(0, 3));
    cli.run("embed", few, "--output", folder.resolve("few.npy")).saysOneLine(0, "3 texts");
    Cli.Run inverted =
        cli.run("invert", folder.resolve("few.npy"), "--model", space, "--max-embeddings", 100);
    assertThat(inverted.status()).as(inverted.err()).isZero();
    assertThat(Cli.parse(inverted.out()))
        .hasSize(3)
        .noneMatch(line -> line.get("verdict").textValue().equals("exact"));
    cli.run("eval", "--model", space, "--limit", 1)
        .saysOneLine(2, "the package of old has no embedder, which texts need; --embedder");
    cli.run("eval", "--model", space, "--limit", 1, "--embedder", EngineSettings.DEFAULT_MODEL)
        .saysOneLine(2, "--embedder gives vectors of " + EngineSettings.DEFAULT_MODEL);
    cli.run(and(create, few, "--output", folder.resolve("s")))
        .saysOneLine(2, "there are 400 vectors and 3 texts, expected a text for each");
  }

  private static Object[] and(Object[] some, Object... more) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray();
  }

  @Test
  void whatIsMissingIsOneLine() throws IOException {
    cli.run("space", "create", "--output", folder.resolve("s"))
        .saysOneLine(2, "expected one of --embedder=<id|dir>, --onnx=<model.onnx> with");
    cli.run("space", "create", "--embedder", "no/such", "--output", folder.resolve("s"))
        .saysOneLine(2, "no model package for no/such on the class path");
    Path few = Files.writeString(folder.resolve("few.txt"), "one\ntwo\n");
    cli.run(
            "space",
            "create",
            "--embedder",
            "all-MiniLM-L6-v2",
            "--texts",
            few,
            "--output",
            folder.resolve("s"))
        .saysOneLine(2, "there are 2 different texts, expected at least 200");
    cli.run(
            "space",
            "create",
            "--endpoint",
            "http://127.0.0.1:1/v1",
            "--price",
            1,
            "--model-id",
            "m",
            "--output",
            folder.resolve("s"))
        .saysOneLine(2, "--price needs --spending-cap=<money>");
    cli.run(
            "space",
            "create",
            "--endpoint",
            "http://127.0.0.1:1/v1",
            "--price",
            0.1,
            "--spending-cap",
            0.01,
            "--model-id",
            "m",
            "--output",
            folder.resolve("s"))
        .saysOneLine(
            2, "20,000 texts and 30,522 single tokens, about ", "more than the --spending-cap of");
    assertThat(Files.exists(folder.resolve("s"))).isFalse();
  }
}
