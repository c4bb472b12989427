package io.vec2text.cli;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.testing.NpyBytes;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResumeTest {
  private static final int N = 150;

  private final Cli cli = new Cli();
  @TempDir private Path folder;
  private Path input;
  private Path output;
  private Path sidecar;

  @BeforeEach
  void files() throws IOException {
    input = folder.resolve("vectors.npy");
    output = folder.resolve("out.jsonl");
    sidecar = folder.resolve("out.jsonl.resume");
    Files.write(input, NpyBytes.file(Toys.secrets(N)));
  }

  private Cli.Run resume(Object... more) {
    Object[] args = {"invert", "--input", input, "--output", output, "--resume"};
    return cli.run(Stream.concat(Stream.of(args), Stream.of(more)).toArray());
  }

  private void assertComplete() throws IOException {
    Cli.assertSecrets(Files.readString(output), N);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(input, output);
    }
  }

  /** Leaves what a run that broke at an item leaves. */
  private void breakAt(int item) {
    cli.toys.inverted = 0;
    cli.toys.failAt(item);
    resume().saysOneLine(2, "the toy broke");
    cli.toys.hook = (n, options) -> {};
  }

  @Test
  void beginsWhereThereIsNothing() throws IOException {
    resume().saysOneLine(0, "150 exact");
    assertComplete();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 63, 64, 65, 100, 128, 149})
  void continuesAfterAFailure(int item) throws IOException {
    breakAt(item);
    if (item < 4) {
      // Blocks of four finish from their end, so there is no first line to keep.
      assertThat(output).doesNotExist();
      assertThat(sidecar).doesNotExist();
    } else {
      Cli.assertSecrets(Files.readString(output), item / 4 * 4);
    }
    resume().saysOneLine(0);
    assertComplete();
  }

  @Test
  void continuesAfterBeingStoppedAgainAndAgain() throws IOException {
    for (int stops = 0; ; stops++) {
      cli.toys.inverted = 0;
      cli.toys.hook =
          (n, options) -> {
            if (n == 10) {
              options.cancellation().cancel();
            }
          };
      Cli.Run run = resume();
      if (run.status() == 0) {
        assertThat(stops).isGreaterThan(10);
        break;
      }
      run.saysOneLine(130, "stopped, --resume continues");
      // What was cancelled is not among the lines, to be done in full the next time.
      assertThat(Files.readString(output)).doesNotContain("cancelled");
    }
    assertComplete();
  }

  @Test
  void continuesFromWhateverByteAKillLeaves() throws IOException {
    breakAt(100);
    byte[] bytes = Files.readAllBytes(output);
    byte[] fingerprint = Files.readAllBytes(sidecar);
    int lines = 0;
    int cut = bytes.length;
    while (lines < 3) {
      cut--;
      lines += bytes[cut] == '\n' ? 1 : 0;
    }
    for (; cut <= bytes.length; cut++) {
      Files.write(output, Arrays.copyOf(bytes, cut));
      Files.write(sidecar, fingerprint);
      resume().saysOneLine(0, "continued at ");
      assertComplete();
    }
  }

  @Test
  void continuesWhatHasNoLineYet() throws IOException {
    breakAt(100);
    byte[] bytes = Files.readAllBytes(output);
    byte[] fingerprint = Files.readAllBytes(sidecar);
    for (int cut = -1; cut < 30; cut++) {
      Files.delete(output);
      if (cut >= 0) {
        Files.write(output, Arrays.copyOf(bytes, cut));
      }
      Files.write(sidecar, fingerprint);
      resume().saysOneLine(0, "150 exact");
      assertComplete();
    }
  }

  @Test
  void continuesWhatOnlyWantsItsEnd() throws IOException {
    breakAt(100);
    byte[] fingerprint = Files.readAllBytes(sidecar);
    resume().saysOneLine(0);
    Files.write(sidecar, fingerprint);
    resume().saysOneLine(0, "continued at 150, 0 vectors");
    assertComplete();
  }

  @ParameterizedTest
  @ValueSource(strings = {"out.jsonl", "out.csv", "out.txt"})
  void hasNothingToDoForACompleteOutput(String name) throws IOException {
    output = folder.resolve(name);
    resume().saysOneLine(0);
    byte[] before = Files.readAllBytes(output);
    cli.toys.inverted = 0;
    resume().saysOneLine(0, "complete, nothing to do; 150 vectors: 150 exact");
    assertThat(resume("--fail-if", "any-exact").status()).isEqualTo(3);
    assertThat(cli.toys.inverted).isZero();
    assertThat(output).hasBinaryContent(before);
    Files.write(output, Arrays.copyOf(before, before.length - 1));
    resume().saysOneLine(2, "ends in half a line");
    Files.write(input, NpyBytes.file(Toys.secrets(N + 1)));
    Files.write(output, before);
    resume().saysOneLine(2, "holds 150 results", "has 151 vectors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"out.csv", "out.txt"})
  void continuesOtherFormsFromWhateverByteAKillLeaves(String name) throws IOException {
    output = folder.resolve(name);
    sidecar = folder.resolve(name + ".resume");
    breakAt(100);
    byte[] bytes = Files.readAllBytes(output);
    byte[] fingerprint = Files.readAllBytes(sidecar);
    resume().saysOneLine(0);
    byte[] whole = Files.readAllBytes(output);
    for (int cut = 0; cut <= bytes.length; cut += cut < 400 ? 7 : 397) {
      Files.write(output, Arrays.copyOf(bytes, cut));
      Files.write(sidecar, fingerprint);
      resume().saysOneLine(0);
      assertThat(output).hasBinaryContent(whole);
    }
  }

  @Test
  void doesNotMixModels() throws IOException {
    breakAt(100);
    byte[] before = Files.readAllBytes(output);
    cli.toys.models = "others";
    resume().saysOneLine(2, "begun with models toys", "not with others", "--force");
    assertThat(output).hasBinaryContent(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "{}",
        "1",
        "",
        " ",
        "{\"format\":null}",
        "{\"inputBytes\":BIG}",
        "{\"a\":",
        "\0\0\0{",
        "\"x\"",
        "\uFFFE{}"
      })
  void refusesADamagedSidecarAndLosesNothing(String damage) throws IOException {
    breakAt(100);
    byte[] before = Files.readAllBytes(output);
    byte[] fingerprint = Files.readAllBytes(sidecar);
    for (Charset encoding : List.of(UTF_8, UTF_16, Charset.forName("UTF-32"))) {
      Files.write(sidecar, damage.replace("BIG", "1".repeat(1001)).getBytes(encoding));
      resume().saysOneLine(2, "out.jsonl.resume: ");
      assertThat(output).hasBinaryContent(before);
    }
    Files.write(sidecar, fingerprint);
    resume().saysOneLine(0);
    assertComplete();
  }

  @Test
  void refusesADamagedOutputAndLosesNothing() throws IOException {
    breakAt(100);
    String good = Files.readString(output);
    for (String damage :
        List.of(
            "null",
            "[]",
            "{\"index\":" + "1".repeat(1001) + "}",
            "{\"index\":0e9999999999}",
            "\0\0\0{")) {
      for (Charset encoding : List.of(UTF_8, UTF_16, Charset.forName("UTF-32"))) {
        byte[] line = (damage + "\n").getBytes(encoding);
        byte[] bytes = good.getBytes(UTF_8);
        byte[] damaged = Arrays.copyOf(bytes, bytes.length + line.length);
        System.arraycopy(line, 0, damaged, bytes.length, line.length);
        Files.write(output, damaged);
        resume().saysOneLine(2, "out.jsonl: line ");
        assertThat(output).hasBinaryContent(damaged);
      }
    }
  }

  @Test
  void remembersEarlierErrors() throws IOException {
    float[][] vectors = Toys.secrets(N);
    vectors[1] = new float[8];
    Files.write(input, NpyBytes.file(vectors));
    breakAt(100);
    resume().saysOneLine(1, "0 errors");
  }

  @Test
  void continuesOnlyTheSameRun() throws IOException {
    breakAt(100);
    byte[] before = Files.readAllBytes(output);
    resume("--seed", 1).saysOneLine(2, "begun with seed 0, not with 1");
    resume("--search", "greedy:5").saysOneLine(2, "begun with search pool, not with greedy:5");
    resume("--max-embeddings", 5).saysOneLine(2, "maxEmbeddings 1000");
    resume("--max-seconds", 5).saysOneLine(2, "maxSeconds none");
    resume("--model", "m").saysOneLine(2, "models toys of sentence-transformers");
    resume("--scale", 2).saysOneLine(2, "scale none");
    Files.write(input, NpyBytes.file(Toys.secrets(N + 1)));
    resume().saysOneLine(2, "inputBytes");
    float[][] vectors = Toys.secrets(N);
    vectors[N - 1][0] += 1e-3f;
    Files.write(input, NpyBytes.file(vectors));
    resume().saysOneLine(2, "inputSha256");
    assertThat(output).hasBinaryContent(before);
    assertThat(sidecar).exists();
  }

  @Test
  void continuesOnlyAnOutputOfThisCommand() throws IOException {
    breakAt(100);
    String good = Files.readString(output);
    String first = good.lines().findFirst().orElseThrow();
    for (String bad :
        new String[] {
          "hello\n",
          "hello",
          "{\"index\":1,",
          "{}\n",
          first + "\n" + first + "\n",
          first + "\n\n",
          first + "\n" + good,
          first + " x\n",
          first.replace("\"index\":0", "\"index\":1") + "\n",
          first.replace("\"text\"", "\"words\"") + "\n",
          good + "{\"index\":7,\"te",
        }) {
      Files.writeString(output, bad);
      resume().saysOneLine(2, "is not the result of vector");
      assertThat(output).hasContent(bad);
    }
    Files.writeString(output, good);
    Files.writeString(sidecar, "[]");
    resume().saysOneLine(2, "is damaged or no resume file");
    Files.delete(sidecar);
    resume().saysOneLine(2, "holds 100 results", "has 150 vectors", "no out.jsonl.resume");
    assertThat(output).hasContent(good);
  }

  @Test
  void beginsAgainIfForced() throws IOException {
    breakAt(100);
    cli.run("invert", "--input", input, "--output", output).saysOneLine(2, "--resume continues it");
    cli.run("invert", "--input", input, "--output", output, "--force", "--seed", 3)
        .saysOneLine(0, "150 exact");
    assertComplete();
  }

  @Test
  void leavesAnOutputToTheRunThatWritesIt() throws IOException {
    breakAt(100);
    byte[] before = Files.readAllBytes(output);
    try (Outputs other = new Outputs(new Inputs())) {
      other.claim(output, true, "");
      resume().saysOneLine(2, "another run is writing to it");
      cli.run("invert", "--input", input, "--output", output, "--force")
          .saysOneLine(2, "another run is writing to it");
    }
    assertThat(output).hasBinaryContent(before);
    resume().saysOneLine(0);
    assertComplete();
  }
}
