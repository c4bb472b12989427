package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.testing.NpyBytes;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills audits for real, and goes on. */
final class AuditKillTest {
  private static final int N = 100;
  private static final int KILLS = 5;
  private static final int SIGKILL = 137;

  @TempDir private Path folder;
  private Path input;
  private Path kept;
  private Path report;

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dvec2text.cache=" + System.getProperty("vec2text.cache", "target/cache"),
            "-cp",
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator)),
            KillTest.SlowMain.class.getName(),
            "audit",
            input.toString(),
            "--resume",
            kept.toString(),
            "--json",
            report.toString())
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private long keptBytes() throws IOException {
    if (!Files.isDirectory(kept)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(kept)) {
      return files.mapToLong(f -> f.toFile().length()).sum();
    }
  }

  @Test
  void givesTheSameReportWhereverItIsKilled() throws Exception {
    input = Files.write(folder.resolve("v.npy"), NpyBytes.file(Toys.secrets(N)));
    kept = folder.resolve("kept");
    report = folder.resolve("report.json");
    Random random = new Random(30);
    for (int kill = 0; kill < KILLS; kill++) {
      long before = keptBytes();
      Process process = start();
      long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (keptBytes() <= before) {
        assertThat(System.nanoTime()).isLessThan(patience);
        assertThat(process.isAlive()).as(Files.readString(folder.resolve("log"))).isTrue();
        Thread.sleep(5);
      }
      Thread.sleep(random.nextInt(250));
      process.destroyForcibly().waitFor();
      assertThat(process.exitValue()).isEqualTo(SIGKILL);
      assertThat(report).doesNotExist();
    }
    Cli cli = new Cli();
    assertThat(cli.run("audit", input, "--resume", kept, "--json", report).status()).isZero();
    assertThat(cli.toys.inverted).as("vectors of the last run").isBetween(1, N - KILLS);
    Path whole = folder.resolve("whole.json");
    assertThat(cli.run("audit", input, "--json", whole).status()).isZero();
    assertThat(withoutDate(report)).isEqualTo(withoutDate(whole));
  }

  private static JsonNode withoutDate(Path file) throws IOException {
    JsonNode root = new ObjectMapper().readTree(Files.readAllBytes(file));
    ((ObjectNode) root.path("subject")).remove("date");
    return root;
  }
}
