package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vec2text.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EvalCommandTest {
  private final Cli cli = new Cli();
  @TempDir private Path folder;

  private Cli.Run eval(Object... more) {
    return cli.run(Stream.concat(Stream.of("eval"), Arrays.stream(more)).toArray());
  }

  private void assertRefused(String saying, Object... options) {
    Cli.Run run = eval(options).saysOneLine(2, saying);
    assertThat(run.out()).isEmpty();
    assertThat(cli.toys.settings).as("models were loaded").isNull();
  }

  private static long count(String text, String part) {
    return text.lines().filter(line -> line.contains(part)).count();
  }

  @Test
  void theDemoPrintsEightTargets() {
    Cli.Run run = eval("--demo", "--search", "greedy:3", "--threads", 2);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(count(run.out(), "target  ")).isEqualTo(8);
    assertThat(count(run.out(), "recovered  ")).isEqualTo(8);
    assertThat(run.out()).endsWith("0 of 8 recovered exactly, up to what the embedder can see.\n");
    assertThat(cli.toys.settings.search()).isEqualTo("greedy:3");
    assertThat(cli.toys.settings.threads()).hasValue(2);
    assertThat(eval("--demo", "--seed", 1).out()).isNotEqualTo(run.out());
  }

  @Test
  void measuresTheUsersTexts() throws IOException {
    Path texts = Files.writeString(folder.resolve("t.txt"), "secret 1\nsecret 2\n\nelse\n");
    Path json = folder.resolve("figures.json");
    Cli.Run run =
        eval(
            "--texts",
            texts,
            "--floors",
            "--examples",
            1,
            "--json",
            json,
            "--threads",
            3,
            "--seed",
            4,
            "--max-embeddings",
            11,
            "--max-seconds",
            2.5,
            "--limit",
            7);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("data: t.txt", "budget: 11 embeddings, 2.500 s of work a vector, seed 4")
        .contains("threads: 3", "random sentence");
    assertThat(count(run.out(), "target  ")).isEqualTo(1);
    assertThat(new ObjectMapper().readTree(json.toFile()).get("evaluations")).hasSize(2);
    assertThat(json).content().doesNotContain("secret");
  }

  @Test
  void showsWhereTheTimeWent() {
    assertThat(eval("--demo", "--profile").out())
        .contains("| guess  |       10 |               4 | 40.0 |")
        .endsWith("time: embedder 60.0 %, decoder 30.0 %, the search itself 10.0 %\n");
  }

  @Test
  void comparesSearchesAndChecksNeighbours() {
    Cli.Run run =
        eval(
            "--bucket",
            "9-16",
            "--limit",
            2,
            "--compare-with",
            "greedy:2,beam:2x2",
            "--curve",
            "--neighbours",
            1,
            "--storage",
            "int8");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("vectors stored as int8", "| greedy:2 ", "| beam:2x2 ")
        .contains("| pool     |         64 |", "wrong neighbours", "| 9-16   | float16   |");
  }

  @ParameterizedTest
  @ValueSource(strings = {"binary", "truncate:4"})
  void invertsWhatAStoreLeaves(String form) {
    Cli.Run run = eval("--bucket", "4-8", "--limit", 1, "--storage", form);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("vectors stored as " + form);
  }

  @Test
  void refusesToKeepMoreComponentsThanThereAre() {
    eval("--limit", 1, "--storage", "truncate:8")
        .saysOneLine(2, "truncate:8: vectors have 8 components, expected more");
  }

  @Test
  void evaluatesOneBucketOfASplit() {
    Cli.Run run = eval("--split", "test", "--bucket", "9-16", "--limit", 2);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("wikipedia-test", "9-16").doesNotContain("4-8", "17-32");
    assertThat(cli.toys.inverted).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "--split,train,'--split must be dev or test, was \"train\"'",
    "--bucket,9-99,'--bucket must be one of 4-8, 9-16, 17-32, was \"9-99\"'",
    "--cut,-1,--cut must be at least 0",
    "--limit,-1,--limit must be at least 0",
    "--limit,0,--limit 0 leaves nothing to do",
    "--limit,many,--limit",
    "--max-embeddings,0,--max-embeddings must be at least 1",
    "--max-seconds,0,--max-seconds must be above 0",
    "--max-seconds,-1,--max-seconds must be above 0",
    "--max-seconds,NaN,--max-seconds must be above 0",
    "--seed,x,--seed",
    "--examples,-1,--examples must be at least 0",
    "--passages,-1,--passages must be at least 0",
    "--search,pond,--search: unknown search",
    "--compare-with,'pool,greedy',--compare-with: unknown search",
    "--neighbours,-1,--neighbours must be at least 0",
    "--noise,1,'--noise must be in [0, 1)'",
    "--storage,int4,'storage must be float32, float16, bfloat16, int8, binary or truncate:'",
    "--threads,0,--threads must be at least 1",
    "--frobnicate,1,--frobnicate"
  })
  void refusesBadValues(String option, String value, String saying) {
    assertRefused(saying, option, value);
    assertRefused("(see vec2text eval --help)", option, value);
  }

  @Test
  void refusesFilesThatCannotBeReadOrWrittenBeforeAnyWork() {
    Path none = folder.resolve("none/file");
    assertRefused("none/file: no such file or directory", "--texts", none);
    assertRefused("none/file: no such file or directory", "--corpus", none);
    assertRefused("can't be written, its folder does not exist", "--json", none);
    assertRefused("is a folder, can't be written", "--json", folder);
  }

  @Test
  void refusesTextsThatAreNone() throws IOException {
    eval("--texts", Files.writeString(folder.resolve("empty.txt"), "\n \n"))
        .saysOneLine(2, "empty.txt holds no text");
    eval("--texts", Files.write(folder.resolve("latin.txt"), new byte[] {'a', (byte) 0xe9, '\n'}))
        .saysOneLine(2, "latin.txt");
    eval("--texts", Files.writeString(folder.resolve("t.txt"), "a"), "--bucket", "4-8")
        .saysOneLine(2, "bucket must be one of all, was \"4-8\"");
    eval("--limit", 0, "--passages", 1).saysOneLine(2, "tokens");
  }

  @Test
  void endsEarlyWhenStopped() {
    cli.cancellation.cancel();
    assertThat(eval("--demo").status()).isEqualTo(130);
    cli.cancellation.cancel();
    assertThat(eval("--limit", 1).status()).isEqualTo(130);
  }

  @Test
  void saysThatStandardOutputIsGone() {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    StringWriter err = new StringWriter();
    Context context =
        new Context(
            new Toys(), InputStream.nullInputStream(), gone, Terminal.NONE, new Cancellation());
    assertThat(Main.run(context, new PrintWriter(err), "eval", "--demo")).isEqualTo(2);
    assertThat(err).hasToString("vec2text: standard output can't be written\n");
  }
}
