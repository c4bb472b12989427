package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
  private final Cli cli = new Cli();

  @ParameterizedTest
  @ValueSource(strings = {"", "--help", "help"})
  void printsItsUsage(String args) {
    Cli.Run run = args.isEmpty() ? cli.run() : cli.run(args);
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .startsWith("Usage: vec2text")
        .contains("embed", "invert", "eval", "Exit status");
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"embed", "invert", "eval"})
  void helpsWithItsCommands(String command) {
    Cli.Run run = cli.run("help", command);
    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("Usage: vec2text " + command);
    assertThat(cli.run(command, "--help")).isEqualTo(run);
  }

  @Test
  void printsItsVersion() {
    Cli.Run run = cli.run("--version");
    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("vec2text ");
  }

  @Test
  void saysWhatIsWrongWithTheArguments() {
    cli.run("frobnicate").saysOneLine(2, "frobnicate", "(see vec2text --help)");
    cli.run("embed").saysOneLine(2, "--input", "(see vec2text embed --help)");
    cli.run("invert").saysOneLine(2, "--input", "--text");
    cli.run("invert", "--input", "a.npy", "--text", "b").saysOneLine(2, "mutually exclusive");
    cli.run("invert", "--text", "a", "--output", "b").saysOneLine(2, "standard output");
    cli.run("invert", "--input", "a.npy", "--resume").saysOneLine(2, "need --output");
    cli.run("invert", "--text", "a", "--threads", "0")
        .saysOneLine(2, "--threads must be at least 1");
    cli.run("invert", "--text", "a", "--max-seconds", "0").saysOneLine(2, "above 0");
    cli.run("invert", "--text", "a", "--max-embeddings", "x").saysOneLine(2, "--max-embeddings");
    cli.run("invert", "--text", "a", "--max-embeddings", "0").saysOneLine(2, "at least 1");
    cli.run("invert", "--text", "a", "--words", "0").saysOneLine(2, "at least 1");
    cli.run("invert", "--text", "a", "--scale", "NaN").saysOneLine(2, "--scale");
  }

  @Test
  void saysUnexpectedProblemsInOneLineToo() {
    cli.toys.hook =
        (n, options) -> {
          throw new IllegalStateException("first\nsecond");
        };
    cli.run("invert", "--text", "a").saysOneLine(2, "IllegalStateException: first second");
    cli.toys.hook =
        (n, options) -> {
          throw new UnsatisfiedLinkError("no native");
        };
    cli.run("invert", "--text", "a").saysOneLine(2, "UnsatisfiedLinkError: no native");
  }

  @Test
  void printsTheStackTraceOnlyForDebugging() {
    cli.toys.failAt(0);
    Cli.Run run = cli.run("invert", "--debug", "--text", "a");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("vec2text: the toy broke\n").contains("\tat ");
  }
}
