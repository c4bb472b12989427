package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
  @ValueSource(strings = {"embed", "invert", "eval", "audit"})
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
    cli.run("embed").saysOneLine(2, "--output", "(see vec2text embed --help)");
    cli.run("embed", "--output", "v.npy").saysOneLine(2, "--input", "standard input");
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
  void guessesWhatWasMeant() {
    cli.run("inver").saysOneLine(2, "did you mean", "invert");
    cli.run("invert", "--text", "a", "--confidense")
        .saysOneLine(2, "--confidense", "did you mean --confidence");
    cli.run("eval", "--max-embedings", "3").saysOneLine(2, "did you mean --max-embeddings");
  }

  @Test
  void writesACompletionScript() {
    Cli.Run run = cli.run("generate-completion");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("complete -F _complete_vec2text", "--fail-if");
  }

  /** A text may begin with an at sign. */
  @Test
  void readsNoArgumentsFromFiles(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("args"), "--version");
    List<String> texts = new ArrayList<>();
    cli.toys.embedded = texts::add;
    cli.run("invert", "--text", "@" + file).saysOneLine(0);
    assertThat(texts).containsExactly("@" + file);
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
    cli.toys.inverted = 0;
    cli.toys.failAt(0);
    run = cli.run("--debug", "invert", "--text", "a");
    assertThat(run.err()).startsWith("vec2text: the toy broke\n").contains("\tat ");
  }

  /** A command that is named first is set up without the others. */
  @Test
  void findsCommandsBelowOthers() {
    assertThat(cli.run("eval", "sweep", "--help").out()).startsWith("Usage: vec2text eval sweep");
    assertThat(cli.run("lm", "probe", "--help").out()).startsWith("Usage: vec2text lm probe");
    cli.run("invert", "eval").saysOneLine(2, "eval: no such file");
  }
}
