package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stops the real command at points from its first millisecond on, while it loads above all; {@code
 * vec2text.stop.points} of them.
 */
final class StopTest {
  private static final int POINTS = Integer.getInteger("vec2text.stop.points", 6);

  /** The command loads for about two seconds; with more threads than cores it takes longer. */
  private static final int SPAN_MILLIS = 3000;

  @TempDir private Path folder;

  static Stream<Integer> points() {
    Random random = new Random(25);
    return IntStream.range(0, POINTS)
        .mapToObj(
            i -> i == 0 ? 1 : SPAN_MILLIS * i / POINTS + random.nextInt(SPAN_MILLIS / POINTS));
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dvec2text.cache=" + System.getProperty("vec2text.cache"),
            "-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("tmp")),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "invert",
            "--text",
            "The ferry leaves at noon, and nobody knows when it comes back.",
            "--max-embeddings",
            "20000")
        .directory(Files.createDirectory(folder.resolve("here")).toFile())
        .redirectError(folder.resolve("err").toFile())
        .redirectOutput(folder.resolve("out").toFile())
        .start();
  }

  @ParameterizedTest
  @MethodSource("points")
  void aStopWhileLoadingIsClean(int millis) throws Exception {
    Process process = start();
    Thread.sleep(millis);
    process.destroy();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(() -> said()).isIn(0, 143);
    assertThat(said().lines().count()).as(() -> said()).isLessThanOrEqualTo(1);
    assertThat(names("here")).as("crash reports").isEmpty();
    assertThat(names("tmp")).as("leftovers").isEmpty();
  }

  private List<String> names(String of) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(of))) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }

  private String said() {
    try {
      return Files.readString(folder.resolve("err"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
