package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vec2text.Cancellation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** Runs commands in the test's own process. */
final class Cli {
  private static final ObjectMapper JSON = new ObjectMapper();

  final Toys toys = new Toys();
  private final Engines engines;

  /** Standard input. */
  InputStream in = InputStream.nullInputStream();

  /** The cancellation of the next run. */
  Cancellation cancellation = new Cancellation();

  /** Commands that work with toys. */
  Cli() {
    this.engines = toys;
  }

  /** Commands that work with the engines given. */
  Cli(Engines engines) {
    this.engines = engines;
  }

  /** What a command left. */
  record Run(int status, String out, String err) {

    /** Checks that the command said one line, without a stack trace and without a secret. */
    @CanIgnoreReturnValue
    Run saysOneLine(int expectedStatus, String... saying) {
      assertThat(err).startsWith("vec2text: ").endsWith("\n").doesNotContain("secret", "\tat ");
      assertThat(err.strip().lines()).as(err).hasSize(1);
      for (String part : saying) {
        assertThat(err).contains(part);
      }
      assertThat(status).as(err).isEqualTo(expectedStatus);
      return this;
    }
  }

  @CanIgnoreReturnValue
  Run run(Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    Context context = new Context(engines, in, out, Terminal.NONE, cancellation);
    String[] words =
        IntStream.range(0, args.length).mapToObj(i -> args[i].toString()).toArray(String[]::new);
    int status = Main.run(context, new PrintWriter(err, true), words);
    cancellation = new Cancellation();
    return new Run(status, out.toString(StandardCharsets.UTF_8), err.toString());
  }

  static List<JsonNode> parse(String lines) {
    assertThat(lines.isEmpty() || lines.endsWith("\n")).isTrue();
    return lines.lines().map(Cli::parseLine).toList();
  }

  private static JsonNode parseLine(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  /** Checks that lines are the results of the first known texts. */
  static void assertSecrets(String lines, int n) {
    List<JsonNode> results = parse(lines);
    assertThat(results).hasSize(n);
    for (int i = 0; i < n; i++) {
      assertThat(results.get(i).get("index").intValue()).isEqualTo(i);
      assertThat(results.get(i).get("text").textValue()).isEqualTo("secret " + i);
    }
  }
}
