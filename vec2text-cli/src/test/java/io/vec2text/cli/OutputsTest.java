package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vec2text.testing.NpyBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs on one file, and files that are read. */
final class OutputsTest {
  private final Cli cli = new Cli();
  @TempDir private Path folder;
  private Path vectors;
  private Path texts;
  private Path output;

  @BeforeEach
  void files() throws IOException {
    vectors = Files.write(folder.resolve("v.npy"), NpyBytes.file(Toys.secrets(100)));
    texts = Files.writeString(folder.resolve("own.txt"), "secret 1\nsecret 2\n");
    output = folder.resolve("out.jsonl");
  }

  private void assertFolderHolds(Path... files) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      assertThat(found).containsExactlyInAnyOrder(files);
    }
  }

  @Test
  void refusesASecondRunHoweverItIsAskedFor() throws IOException {
    List<Cli.Run> seconds = new ArrayList<>();
    cli.toys.hook =
        (n, options) -> {
          if (n == 40) {
            Cli other = new Cli();
            for (String how : new String[] {"--force", "--resume", "--confidence"}) {
              seconds.add(other.run("invert", "--input", vectors, "--output", output, how));
            }
            seconds.add(other.run("embed", "--input", texts, "--output", output, "--force"));
            seconds.add(other.run("eval", "--texts", texts, "--json", output));
          }
        };
    cli.run("invert", "--input", vectors, "--output", output, "--force").saysOneLine(0);
    assertThat(seconds).hasSize(5);
    seconds.forEach(second -> second.saysOneLine(2, "another run is writing to it"));
    Cli.assertSecrets(Files.readString(output), 100);
    assertFolderHolds(vectors, texts, output);
  }

  @Test
  void isClaimedByOneAtATime() throws Exception {
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger claims = new AtomicInteger();
    Callable<Void> claimant =
        () -> {
          for (int i = 0; i < 300; i++) {
            try (Outputs outputs = new Outputs(new Inputs())) {
              outputs.claim(output, true, "");
              assertThat(holders.incrementAndGet()).isOne();
              claims.incrementAndGet();
              holders.decrementAndGet();
            } catch (CliException e) {
              assertThat(e).hasMessageContaining("another run");
            }
          }
          return null;
        };
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Void>> done = threads.invokeAll(List.of(claimant, claimant, claimant, claimant));
      for (Future<Void> future : done) {
        future.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(claims.get()).isPositive();
    assertFolderHolds(vectors, texts);
  }

  @Test
  void neverWritesOverWhatItReads() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link.txt"), texts);
    Path hard = Files.createLink(folder.resolve("hard.txt"), texts);
    String before = Files.readString(texts);
    for (Path own :
        new Path[] {texts, link, hard, folder.resolve("../" + folder.getFileName() + "/own.txt")}) {
      for (String report : new String[] {"--json", "--html", "--markdown"}) {
        cli.run("eval", "--texts", texts, report, own).saysOneLine(2, "is the input");
        cli.run("eval", "--texts", own, report, texts).saysOneLine(2, "is the input");
        cli.run("eval", "--corpus", texts, report, own).saysOneLine(2, "is the input");
        cli.run("eval", "table", "--texts", texts, report, own).saysOneLine(2, "is the input");
        cli.run("eval", "sweep", "--over", "domain", "--domain", "a=" + texts, report, own)
            .saysOneLine(2, "is the input");
      }
      cli.run("embed", "--input", texts, "--output", own, "--force").saysOneLine(2);
      assertThat(texts).hasContent(before);
    }
    assertThat(cli.toys.inverted).isZero();
    assertFolderHolds(vectors, texts, link, hard);
  }

  @Test
  void readsNoFileThatItKeepsBesideAnOutput() throws IOException {
    for (String name : new String[] {"out.jsonl.resume", ".out.jsonl.vec2text.lock"}) {
      Path input = Files.writeString(folder.resolve(name), "secret 1\n");
      cli.run("embed", "--input", input, "--output", output).saysOneLine(2, "is the input");
      assertThat(input).hasContent("secret 1\n");
      Files.delete(input);
    }
  }

  @Test
  void keepsOffTheFilesOfAModelAndOfACollection() throws IOException {
    Path model = Files.createDirectories(folder.resolve("m/graphs")).getParent();
    Files.writeString(model.resolve("manifest.json"), "{}");
    Path graph = Files.writeString(model.resolve("graphs/a.onnx"), "graph");
    cli.run("embed", "--input", texts, "--output", graph, "--model", model, "--force")
        .saysOneLine(2, "is the input");
    cli.run("eval", "--json", model.resolve("manifest.json"), "--model", model)
        .saysOneLine(2, "is the input");
    for (String name : new String[] {"corpus.jsonl", "queries.jsonl", "qrels.tsv"}) {
      Files.writeString(model.resolve(name), "x");
    }
    cli.run("eval", "defence", "--ir", model, "--json", model.resolve("qrels.tsv"))
        .saysOneLine(2, "is the input");
    assertThat(graph).hasContent("graph");
  }

  @Test
  void refusesOneFileForTwoOutputs() {
    Path report = folder.resolve("report");
    cli.run(
            "eval",
            "--json",
            report,
            "--html",
            folder.resolve("../" + folder.getFileName() + "/report"))
        .saysOneLine(2, "is given for two outputs");
    assertThat(report).doesNotExist();
  }

  @Test
  void refusesStandardOutputIntoAnInput() throws IOException {
    Inputs inputs = new Inputs().file(texts);
    assertThatThrownBy(() -> inputs.refuse(Files.createSymbolicLink(folder.resolve("out"), texts)))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("is the input " + texts);
  }

  @Test
  void removesWhatAKilledRunLeftBeside() throws IOException {
    Files.writeString(folder.resolve(".v2.npy.1f3a.tmp"), "half");
    Path other = Files.writeString(folder.resolve(".v2.npy.mine.tmp"), "mine");
    Path vectors2 = folder.resolve("v2.npy");
    cli.run("embed", "--input", texts, "--output", vectors2).saysOneLine(0);
    assertFolderHolds(vectors, texts, vectors2, other);
  }

  /** A limit on the size of files stands for a disk that is full. */
  @Test
  void namesTheFileForWhichADiskIsTooFull() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")));
    Process process =
        new ProcessBuilder(
                "/bin/bash",
                "-c",
                "ulimit -f 0; exec \"$@\"",
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KillTest.SlowMain.class.getName(),
                "invert",
                "--input",
                vectors.toString(),
                "--output",
                output.toString())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(said).startsWith("vec2text: " + output + ": can't be written: ").hasLineCount(1);
    assertThat(process.exitValue()).isEqualTo(2);
    assertFolderHolds(vectors, texts);
  }
}
