package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class MainTest {
  private final StringWriter out = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new Main()).setOut(new PrintWriter(out)).execute(args);
  }

  @Test
  void printsItsUsageWithoutArguments() {
    assertThat(run()).isEqualTo(CommandLine.ExitCode.OK);
    assertThat(out.toString()).startsWith("Usage: vec2text");
  }

  @Test
  void printsItsVersion() {
    assertThat(run("--version")).isEqualTo(CommandLine.ExitCode.OK);
    assertThat(out.toString()).startsWith("vec2text ");
  }
}
