package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on the trained package that the runnable jar holds. */
final class RealModelTest {
  private static final List<String> TEXTS =
      List.of(
          "He died in 1905.",
          "The museum was opened to the public in May 1923.",
          "She is the author of three novels and several plays.",
          "Two of the boats, painted blue and white, were lost in the storm that night.",
          "It rained.");

  private static final KeptEngines ENGINES = new KeptEngines();

  private final Cli cli = new Cli(ENGINES);

  /** Opens and closes the models with each command. */
  private final Cli opening = new Cli(new OnnxEngines());

  @TempDir private Path folder;
  private Path texts;
  private Path vectors;
  private Path output;

  @AfterAll
  static void close() {
    ENGINES.close();
  }

  @BeforeEach
  void names() throws IOException {
    texts = Files.write(folder.resolve("texts.txt"), TEXTS);
    vectors = folder.resolve("vectors.npy");
    output = folder.resolve("out.jsonl");
  }

  private void embed() {
    cli.run("embed", "--input", texts, "--output", vectors).saysOneLine(0, "5 texts");
  }

  private Cli.Run invert(Cli command, Object... more) {
    Object[] args = {
      "invert",
      "--input",
      vectors,
      "--output",
      output,
      "--max-embeddings",
      40,
      "--seed",
      3,
      "--threads",
      1
    };
    return command.run(Stream.concat(Stream.of(args), Stream.of(more)).toArray());
  }

  private static void assertOwnerOnly(Path file) throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .as(file.toString())
        .isEqualTo("rw-------");
  }

  private void assertFolderHolds(Path... files) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      assertThat(found).containsExactlyInAnyOrder(files);
    }
  }

  /** Checks lines against the help text, and returns them without the times. */
  private static List<JsonNode> check(String lines, int most) {
    List<JsonNode> results = Cli.parse(lines);
    for (int i = 0; i < results.size(); i++) {
      JsonNode result = results.get(i);
      assertThat(ImmutableList.copyOf(result.fieldNames()))
          .containsExactly(
              "index", "text", "cosine", "verdict", "embedderCalls", "decodes", "millis", "stop");
      assertThat(result.get("index").intValue()).isEqualTo(i);
      assertThat(result.get("text").textValue()).isNotEmpty();
      assertThat(result.get("cosine").doubleValue()).isBetween(0.5, 1.0);
      assertThat(result.get("verdict").textValue()).isIn("exact", "close", "topical");
      assertThat(result.get("embedderCalls").intValue()).isBetween(1, most);
      assertThat(result.get("decodes").intValue()).isPositive();
      assertThat(result.get("stop").textValue()).isIn("exact", "budget");
    }
    results.forEach(result -> ((ObjectNode) result).remove("millis"));
    return results;
  }

  @Test
  void vectorsOfAVariantAreInvertedWithThatVariant() throws IOException {
    Files.write(texts, TEXTS.subList(0, 2));
    cli.run("embed", "--input", texts, "--output", vectors, "--variant", "int8")
        .saysOneLine(0, "2 texts");
    List<JsonNode> own = Cli.parse(invertFirst("--variant", "int8"));
    assertThat(own.get(0).get("text").textValue()).isEqualTo("he died in 1905.");
    assertThat(own.get(0).get("verdict").textValue()).isEqualTo("exact");
    List<JsonNode> told = Cli.parse(invertFirst("--variant", "auto"));
    assertThat(told.get(0).get("verdict").textValue()).isEqualTo("exact");
    List<JsonNode> other = Cli.parse(invertFirst());
    assertThat(other.get(0).get("verdict").textValue()).isNotEqualTo("exact");
    cli.run("embed", "--input", texts, "--output", output, "--variant", "int4")
        .saysOneLine(
            2, "no model package for sentence-transformers/all-MiniLM-L6-v2 (int4)", "int8");
  }

  private String invertFirst(Object... more) {
    Object[] args = {"invert", "--input", vectors, "--max-embeddings", 40, "--threads", 1};
    return cli.run(Stream.concat(Stream.of(args), Stream.of(more)).toArray()).out();
  }

  @Test
  void embedsAndInvertsAFile() throws IOException {
    embed();
    assertThat(vectors).hasSize(128 + 4 * 384 * TEXTS.size());
    assertOwnerOnly(vectors);
    invert(opening).saysOneLine(0, "5 vectors: ", " 0 errors; ");
    List<JsonNode> results = check(Files.readString(output), 40);
    assertThat(results).hasSize(TEXTS.size());
    assertThat(results.get(0).get("text").textValue()).isEqualTo("he died in 1905.");
    assertThat(results.get(0).get("verdict").textValue()).isEqualTo("exact");
    assertOwnerOnly(output);
    assertFolderHolds(texts, vectors, output);

    String before = Files.readString(output);
    invert(cli).saysOneLine(2, "exists already, --resume continues it");
    invert(cli, "--resume").saysOneLine(0, "complete, nothing to do");
    assertThat(output).hasContent(before);
  }

  @Test
  void whatIsContinuedIsWhatOneRunWouldHaveWritten() throws IOException {
    embed();
    invert(cli).saysOneLine(0);
    List<JsonNode> whole = check(Files.readString(output), 40);
    Files.delete(output);

    invert(new Cli(new Stopping(2))).saysOneLine(130, "stopped, --resume continues");
    assertThat(check(Files.readString(output), 40)).isEqualTo(whole.subList(0, 2));
    assertOwnerOnly(output);
    assertOwnerOnly(folder.resolve("out.jsonl.resume"));
    cli.run("invert", "--input", vectors, "--output", output, "--resume")
        .saysOneLine(2, "begun with seed 3, not with 0");
    invert(opening, "--resume").saysOneLine(0, "continued at 2, 3 vectors");
    assertThat(check(Files.readString(output), 40)).isEqualTo(whole);
    assertOwnerOnly(output);
    assertFolderHolds(texts, vectors, output);
  }

  @Test
  void invertsTextsThatAreGiven() {
    Cli.Run run =
        cli.run("invert", "--text", TEXTS.get(0), "--text", TEXTS.get(1), "--max-embeddings", 30);
    run.saysOneLine(0, "2 vectors: ");
    List<JsonNode> results = check(run.out(), 30);
    assertThat(results).hasSize(2);
    assertThat(results.get(0).get("text").textValue()).isEqualTo("he died in 1905.");
  }

  @Test
  void theDemoPrintsEightTargets() {
    Cli.Run run = cli.run("eval", "--demo", "--max-embeddings", 20, "--threads", 1);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    for (String part : new String[] {" target     ", " recovered  ", ", cosine "}) {
      assertThat(run.out().lines().filter(line -> line.contains(part))).as(part).hasSize(8);
    }
    assertThat(run.out()).contains(" of 8 recovered exactly, up to what the embedder can see.\n");
  }

  @Test
  void measuresOneBucketAndPassages() throws IOException {
    Path json = folder.resolve("figures.json");
    Cli.Run run =
        cli.run(
            "eval",
            "--bucket",
            "4-8",
            "--limit",
            2,
            "--passages",
            1,
            "--max-embeddings",
            20,
            "--json",
            json,
            "--threads",
            1);
    assertThat(run.status()).as(run.err()).isZero();
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    assertThat(figures.get("evaluations")).hasSize(1);
    assertThat(figures.get("passages").get("rows")).hasSize(3);
  }

  @Test
  void aReportReproducesItsFiguresExactly() {
    Path json = folder.resolve("figures.json");
    Cli.Run run =
        cli.run(
            "eval",
            "sweep",
            "--over",
            "length",
            "--values",
            "6,9",
            "--split",
            "test",
            "--limit",
            2,
            "--max-embeddings",
            70,
            "--json",
            json);
    assertThat(run.status()).as(run.err()).isZero();
    Cli.Run again = opening.run("eval", "--rerun", json);
    assertThat(again.status()).as(again.out()).isZero();
    assertThat(again.out()).containsPattern("\n(\\d+) of \\1 figures are the same");
  }

  @Test
  void saysWhatItCannotOpen() {
    cli.run("invert", "--text", "a", "--model", "text-embedding-3-small")
        .saysOneLine(2, "no model package for text-embedding-3-small on the class path");
    cli.run("invert", "--text", "a", "--model", folder)
        .saysOneLine(2, "no model package in ", "manifest.json");
    cli.run("invert", "--text", "a", "--search", "best").saysOneLine(2, "unknown search 'best'");
    cli.run("invert", "--text", "a", "--device", "gpu").saysOneLine(2, "auto, cpu, cuda or cuda:N");
  }

  /** Inverts vector by vector, and is stopped after some as by a signal. */
  private record Stopping(int after) implements Engines {
    @Override
    public Optional<EmbeddingSpace> space(EngineSettings settings) {
      return ENGINES.space(settings);
    }

    @Override
    public Embedder openEmbedder(EngineSettings settings) {
      return ENGINES.openEmbedder(settings);
    }

    @Override
    public Engine openInverter(EngineSettings settings) {
      return new KeptEngines.Lent(ENGINES.openInverter(settings)) {
        @Override
        public Inverter inverter() {
          return new StoppingInverter(super.inverter(), after);
        }
      };
    }
  }

  private record StoppingInverter(Inverter inverter, int after) implements Inverter {
    @Override
    public EmbeddingSpace space() {
      return inverter.space();
    }

    @Override
    public List<Outcome> invertAll(List<float[]> batch, InversionOptions options) {
      InversionOptions alone = options.toBuilder().listener((index, outcome) -> {}).build();
      List<Outcome> outcomes = new ArrayList<>();
      for (int i = 0; i < batch.size(); i++) {
        if (i == after) {
          options.cancellation().cancel();
        }
        outcomes.addAll(inverter.invertAll(batch.subList(i, i + 1), alone));
        options.listener().finished(i, outcomes.get(i));
      }
      return outcomes;
    }
  }
}
