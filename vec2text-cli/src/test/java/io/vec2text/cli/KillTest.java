package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.testing.NpyBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills processes for real. */
final class KillTest {
  private static final int N = 80;

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

  private Process start(Path input, Path output) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            SlowMain.class.getName(),
            "invert",
            "--input",
            input.toString(),
            "--output",
            output.toString(),
            "--resume")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void losesNothingWhenKilled(boolean hard) throws Exception {
    Path input = Files.write(folder.resolve("v.npy"), NpyBytes.file(Toys.secrets(N)));
    Path output = folder.resolve("out.jsonl");
    Process process = start(input, output);
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(output) || Files.size(output) < 1000) {
      assertThat(System.nanoTime()).isLessThan(patience);
      assertThat(process.isAlive()).as(() -> log()).isTrue();
      Thread.sleep(10);
    }
    Process unused = hard ? process.destroyForcibly() : terminate(process);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(hard ? 137 : 143);
    if (!hard) {
      assertThat(log()).startsWith("vec2text: ").endsWith("stopped, --resume continues\n");
      assertThat(log().lines()).hasSize(1);
    }
    assertThat(Files.readString(output).lines().count()).isBetween(1L, N - 1L);

    Cli cli = new Cli();
    cli.run("invert", "--input", input, "--output", output, "--resume")
        .saysOneLine(0, "continued at ");
    Cli.assertSecrets(Files.readString(output), N);
    assertThat(folder.resolve("out.jsonl.resume")).doesNotExist();
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
}
