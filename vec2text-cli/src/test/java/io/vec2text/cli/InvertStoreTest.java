package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vec2text.sources.Row;
import io.vec2text.testing.LoopbackServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code invert} does with the location of a store. */
final class InvertStoreTest {
  private static final int N = 150;
  private static final String STORE = "toystore:ordered";

  private final Cli cli = new Cli();
  @TempDir private Path folder;

  @BeforeEach
  void fill() {
    ToyStore.fill(N);
  }

  @Test
  void invertsAStore() {
    List<JsonNode> results = Cli.parse(cli.run("invert", STORE).saysOneLine(0, "150 exact").out());
    assertThat(results).hasSize(N);
    assertThat(results.get(7).get("id").textValue()).isEqualTo("doc7");
    assertThat(results.get(7).get("text").textValue()).isEqualTo("secret 7");
    assertThat(ToyStore.options.reading().dimension()).hasValue(8);
  }

  @Test
  void handsOptionsOn() throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "s3cret\n");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    cli.run(
            "invert",
            STORE,
            "--vector=dense",
            "--id=doc",
            "--table=chunks",
            "--user=reader",
            "--key-file=" + key,
            "--page-size=10",
            "--timeout=2.5")
        .saysOneLine(0);
    assertThat(ToyStore.options.reading().vectorField()).contains("dense");
    assertThat(ToyStore.options.reading().idField()).contains("doc");
    assertThat(ToyStore.options.table()).contains("chunks");
    assertThat(ToyStore.options.pageSize()).isEqualTo(10);
    assertThat(ToyStore.options.timeout()).hasMillis(2500);
    assertThat(ToyStore.options.credentials().toString()).contains("key").doesNotContain("s3cret");
  }

  @Test
  void refusesAKeyThatOthersCouldRead() throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "s3cret\n");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    cli.run("invert", STORE, "--key-file", key).saysOneLine(2, "chmod 600");
    cli.run("invert", STORE, "--key", "VEC2TEXT_NOT_SET")
        .saysOneLine(2, "the environment variable VEC2TEXT_NOT_SET", "is not set");
  }

  @Test
  void refusesOptionsThatMakeNoSense() throws IOException {
    Path file = Files.writeString(folder.resolve("v.jsonl"), "[1,2,3,4,5,6,7,8]\n");
    cli.run("invert", file, "--table", "t").saysOneLine(2, "say how a store is read");
    cli.run("invert", STORE, "--format", "csv").saysOneLine(2, "--format says how a file");
    cli.run("invert", STORE, "--table", "t", "--query", "select 1").saysOneLine(2, "exclude");
    cli.run("invert", STORE, "--page-size", "0").saysOneLine(2, "--page-size", "was 0");
    cli.run("invert", STORE, "--timeout", "0").saysOneLine(2, "--timeout");
    cli.run("invert", "nonsense+http://localhost/c").saysOneLine(2, "no store that is known");
    cli.run("invert", "jdbc:postgresql://u:s3cret@h/d", "--table", "t")
        .saysOneLine(2, "jdbc:postgresql://h/d: ", "environment variable");
    cli.run("invert", "jdbc:nonsense://h/d", "--table", "t").saysOneLine(2, "no driver");
  }

  private Cli.Run resume(Path output) {
    return cli.run("invert", STORE, "--output", output, "--resume");
  }

  private void breakAt(int item, Path output) {
    cli.toys.inverted = 0;
    cli.toys.failAt(item);
    resume(output).saysOneLine(2, "the toy broke");
    cli.toys.hook = (n, options) -> {};
  }

  @ParameterizedTest
  @ValueSource(strings = {"out.jsonl", "out.csv", "out.txt"})
  void continuesWhereItWas(String name) throws IOException {
    Path output = folder.resolve(name);
    breakAt(100, output);
    cli.toys.inverted = 0;
    resume(output).saysOneLine(0, "continued at 100");
    assertThat(cli.toys.inverted).isEqualTo(50);
    resume(output).saysOneLine(0, "complete, nothing to do");
    assertThat(Files.readString(output)).contains("secret 0", "secret 99", "secret 100");
  }

  @ParameterizedTest
  @ValueSource(strings = {"out.jsonl", "out.csv", "out.txt"})
  void continuesOnlyIfTheRecordsBeforeAreTheSame(String name) throws IOException {
    Path output = folder.resolve(name);
    breakAt(100, output);
    byte[] before = Files.readAllBytes(output);
    Row removed = ToyStore.ROWS.remove(3);
    resume(output).saysOneLine(2, "is of another record than number 99", "--force");
    assertThat(output).hasBinaryContent(before);
    ToyStore.ROWS.add(3, removed);
    // What is added behind does no harm.
    ToyStore.ROWS.add(ToyStore.row("new", Toys.vector("secret 200")));
    resume(output).saysOneLine(0, "continued at 100");
    assertThat(Files.readString(output)).contains("secret 200");
  }

  @Test
  void continuesOnlyTheSameQuery() {
    Path output = folder.resolve("out.jsonl");
    breakAt(100, output);
    cli.run("invert", STORE, "--output", output, "--resume", "--table", "other")
        .saysOneLine(2, "begun with table none, not with other");
    cli.run("invert", STORE, "--output", output, "--resume", "--id", "doc")
        .saysOneLine(2, "begun with id none");
  }

  @Test
  void resumesNoOrderThatMayChange() {
    Path output = folder.resolve("out.jsonl");
    cli.run("invert", "toystore:any", "--output", output, "--resume")
        .saysOneLine(2, "--resume needs records in an order that lasts", "--id", "ORDER BY");
    cli.run("invert", "toystore:any", "--output", output).saysOneLine(0, "150 exact");
  }

  @Test
  void aStoreThatVanishesLosesNothing() throws IOException {
    Path output = folder.resolve("out.jsonl");
    Row row = ToyStore.ROWS.set(130, ToyStore.row("broken", new float[8]));
    resume(output).saysOneLine(2, "toystore:ordered: the connection was lost after 130 records");
    Cli.assertSecrets(Files.readString(output), 128);
    ToyStore.ROWS.set(130, row);
    resume(output).saysOneLine(0, "continued at 128");
    Cli.assertSecrets(Files.readString(output), N);
  }

  @Test
  void writesOverNothingThatIsRead() throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "s3cret\n");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    cli.run("invert", STORE, "--key-file", key, "--output", key, "--force")
        .saysOneLine(2, "key: is the input");
    assertThat(key).hasContent("s3cret");
    assertThat(VectorInput.of("jdbc:sqlite:data/v.db?cache=shared").readFile())
        .contains(Path.of("data/v.db"));
    assertThat(VectorInput.of("jdbc:duckdb:v.db").readFile()).contains(Path.of("v.db"));
    assertThat(VectorInput.of("jdbc:sqlite::memory:").readFile()).isEmpty();
    assertThat(VectorInput.of("jdbc:postgresql://host/v.db").readFile()).isEmpty();
    assertThat(VectorInput.of("v.npy").readFile()).contains(Path.of("v.npy"));
  }

  @Test
  void vectorsOfAnotherModelAreRefusedBeforeModelsLoad() {
    ToyStore.ROWS.clear();
    ToyStore.ROWS.add(ToyStore.row("a", new float[3]));
    cli.run("invert", STORE).saysOneLine(2, STORE, "dimension 3");
  }

  @Test
  void aRefusalOfAServerIsOneLine() {
    try (LoopbackServer server =
        new LoopbackServer("/", exchange -> LoopbackServer.answer(exchange, 401, "no"))) {
      String location = "qdrant+http://127.0.0.1:" + server.port() + "/chunks";
      cli.run("invert", location).saysOneLine(2, location + ": answered 401", "--key");
      cli.run("space", "identify", location).saysOneLine(2, location + ": answered 401");
    }
  }
}
