package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.testing.NpyBytes;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills processes for real. */
final class KillTest {
  private static final int N = 80;
  private static final int SIGTERM = 143;
  private static final int SIGKILL = 137;

  @TempDir private Path folder;

  /** The command with slow toys. */
  static final class SlowMain {
    private SlowMain() {}

    public static void main(String[] args) {
      Toys toys = new Toys();
      toys.hook =
          (n, options) -> {
            try {
              Thread.sleep(options.cancellation().requested() ? 0 : 20);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          };
      System.exit(Main.process(toys, args));
    }
  }

  private Process start(Class<?> main, Object... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dvec2text.cache=" + System.getProperty("vec2text.cache", "target/cache"),
                "-cp",
                absolute(System.getProperty("java.class.path")),
                main.getName(),
                "invert",
                "--resume"));
    Stream.of(args).map(Object::toString).forEach(command::add);
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  /** The class path for a process that runs in another folder. */
  private static String absolute(String classPath) {
    return String.join(
        File.pathSeparator,
        Stream.of(classPath.split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void losesNothingWhenKilled(boolean hard) throws Exception {
    Path input = Files.write(folder.resolve("v.npy"), NpyBytes.file(Toys.secrets(N)));
    Path output = folder.resolve("out.jsonl");
    Process process = start(SlowMain.class, input, "--output", output);
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(output) || Files.size(output) < 1000) {
      assertThat(System.nanoTime()).isLessThan(patience);
      assertThat(process.isAlive()).as(() -> log()).isTrue();
      Thread.sleep(10);
    }
    kill(process, hard);
    assertThat(process.exitValue()).isEqualTo(hard ? SIGKILL : SIGTERM);
    if (!hard) {
      assertThat(log()).startsWith("vec2text: ").endsWith("stopped, --resume continues\n");
      assertThat(log().lines()).hasSize(1);
    }
    assertThat(Files.readString(output).lines().count()).isBetween(1L, N - 1L);

    Cli cli = new Cli();
    cli.run("invert", "--input", input, "--output", output, "--resume")
        .saysOneLine(0, "continued at ");
    Cli.assertSecrets(Files.readString(output), N);
    assertFolderHolds(input, output);
  }

  private static void kill(Process process, boolean hard) throws InterruptedException {
    Process unused = hard ? process.destroyForcibly() : terminate(process);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  private static Process terminate(Process process) {
    process.destroy();
    return process;
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private void assertFolderHolds(Path... files) throws IOException {
    Files.deleteIfExists(folder.resolve("log"));
    try (Stream<Path> found = Files.list(folder)) {
      assertThat(found).containsExactlyInAnyOrder(files);
    }
  }

  /**
   * Kills one run again and again, from its first millisecond on. {@code -Dvec2text.kills=50} kills
   * as many runs of the real models, while they load and while they search.
   */
  @Test
  void losesNothingWhereverItIsKilled() throws Exception {
    Integer real = Integer.getInteger("vec2text.kills");
    Path input = folder.resolve("v.npy");
    Path output = folder.resolve("out.jsonl");
    Object[] args = {input, "--output", output, "--max-embeddings", 8};
    Class<?> main = real == null ? SlowMain.class : Main.class;
    Cli cli = real == null ? new Cli() : new Cli(new OnnxEngines());
    long millis = real == null ? 1000 : 8000;
    if (real == null) {
      Files.write(input, NpyBytes.file(Toys.secrets(N)));
    } else {
      Path texts = folder.resolve("texts");
      Files.write(texts, EvaluationSet.wikipediaDev().texts().subList(0, 240));
      cli.run("embed", texts, "--output", input).saysOneLine(0);
      Files.delete(texts);
    }
    long seed = Long.getLong("vec2text.kills.seed", 0);
    Random random = new Random(seed);
    List<Long> lines = new ArrayList<>();
    long before = 0;
    for (int i = 0; i < (real == null ? 5 : real); i++) {
      boolean hard = random.nextBoolean();
      boolean loaded = i % 2 == 1;
      long delay = (long) (millis * random.nextDouble());
      long size = Files.exists(output) ? Files.size(output) : 0;
      Process process = start(main, args);
      while (loaded && process.isAlive() && (!Files.exists(output) || Files.size(output) <= size)) {
        Thread.sleep(5);
      }
      boolean ended = process.waitFor(delay, TimeUnit.MILLISECONDS);
      kill(process, hard);
      String what =
          "seed "
              + seed
              + ", kill "
              + i
              + " after "
              + delay
              + " ms of "
              + (loaded ? "searching: " : "all: ")
              + log();
      assertThat(process.exitValue()).as(what).isEqualTo(ended ? 0 : hard ? SIGKILL : SIGTERM);
      assertThat(log().lines().toList())
          .as(what)
          .hasSizeLessThan(2)
          .allMatch(l -> l.startsWith("vec2text: "));
      long now = Files.exists(output) ? Files.readString(output).lines().count() : 0;
      assertThat(now).as(what).isGreaterThanOrEqualTo(before - 1);
      lines.add(now);
      before = now;
      if (ended || (now > 0 && !Files.exists(folder.resolve("out.jsonl.resume")))) {
        // Complete: there is more to kill from the beginning on.
        Files.delete(output);
        before = 0;
      }
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files.filter(f -> f.toString().contains("hs_err"))).as(what).isEmpty();
      }
    }
    Path whole = folder.resolve("whole.jsonl");
    assertThat(cli.run("invert", input, "--output", whole, "--max-embeddings", 8).status())
        .isZero();
    assertThat(
            cli.run("invert", input, "--output", output, "--max-embeddings", 8, "--resume")
                .status())
        .isZero();
    assertThat(withoutTimes(output)).isEqualTo(withoutTimes(whole));
    Files.delete(whole);
    assertFolderHolds(input, output);
    System.out.println("lines after each kill: " + lines);
  }

  private static List<JsonNode> withoutTimes(Path file) throws IOException {
    List<JsonNode> lines = Cli.parse(Files.readString(file));
    lines.forEach(line -> ((ObjectNode) line).remove("millis"));
    return lines;
  }
}
