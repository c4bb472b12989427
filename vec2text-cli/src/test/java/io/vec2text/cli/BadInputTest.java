package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.Cancellation;
import io.vec2text.onnx.ModelFormatException;
import io.vec2text.testing.NpyBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can't be read or written at all: status 2, one line, no stack trace, no output. */
final class BadInputTest {
  private final Cli cli = new Cli();
  @TempDir private Path folder;

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private void assertRefused(Path input, String... saying) {
    Path output = folder.resolve("out.jsonl");
    cli.run("invert", "--input", input, "--output", output).saysOneLine(2, saying);
    cli.run("invert", input, "--output", output, "--resume").saysOneLine(2, saying);
    assertThat(output).doesNotExist();
    assertThat(folder.resolve("out.jsonl.resume")).doesNotExist();
    Cli.Run run = cli.run("invert", "--input", input).saysOneLine(2, saying);
    assertThat(run.out()).isEmpty();
  }

  @AfterEach
  void nothingWasInverted() {
    assertThat(cli.toys.inverted).isZero();
  }

  @Test
  void refusesAMissingFile() {
    assertRefused(folder.resolve("none.npy"), "none.npy: no such file");
  }

  @Test
  void refusesAFolder() throws IOException {
    assertRefused(Files.createDirectory(folder.resolve("f.npy")), "not a regular file");
  }

  @Test
  void refusesAnEmptyFile() throws IOException {
    assertRefused(file("v.npy", ""), "is empty");
    assertRefused(file("v.jsonl", ""), "is empty");
    assertRefused(file("v.csv", ""), "is empty");
  }

  @Test
  void refusesATruncatedArray() throws IOException {
    byte[] bytes = NpyBytes.file(Toys.secrets(3));
    assertRefused(file("v.npy", Arrays.copyOf(bytes, 20)), "truncated");
    assertRefused(file("v.npy", Arrays.copyOf(bytes, 3)), "truncated");
  }

  @Test
  void refusesRaggedJsonLinesOfNoDimensionThatFits() throws IOException {
    assertRefused(
        file("v.jsonl", "[1, 2, 3]\n[1, 2]\n"), "dimensions 3, 2, but toy has dimension 8");
  }

  @Test
  void refusesLinesThatAreNoVectors() throws IOException {
    assertRefused(file("v.jsonl", "hello\n"), "line 1: not JSON");
    assertRefused(file("v.csv", "hello\nworld\n"), "line 1: component 0 is not a number");
  }

  @Test
  void refusesVectorsOfAnotherModel() throws IOException {
    assertRefused(
        file("v.npy", NpyBytes.file(new float[3][512])), "dimension 512, but toy has dimension 8");
    assertRefused(file("v.csv", "1,2\n3,4\n"), "dimension 2, but toy has dimension 8");
  }

  @Test
  void refusesACorruptedModel() throws IOException {
    Path input = file("v.npy", NpyBytes.file(Toys.secrets(3)));
    Engines broken =
        new Toys() {
          @Override
          public Engine openInverter(EngineSettings chosen) {
            throw new ModelFormatException("decoder.onnx: SHA-256 is 00, expected 11");
          }
        };
    StringWriter err = new StringWriter();
    Context context =
        new Context(
            broken,
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            Terminal.NONE,
            new Cancellation());
    String[] args = {
      "invert", "--input", input.toString(), "--output", folder.resolve("o.jsonl").toString()
    };
    int status = Main.run(context, new PrintWriter(err), args);
    assertThat(status).isEqualTo(2);
    assertThat(err).hasToString("vec2text: decoder.onnx: SHA-256 is 00, expected 11\n");
    assertThat(folder.resolve("o.jsonl")).doesNotExist();
  }

  @Test
  void refusesAnOutputThatCannotBeWritten() throws IOException {
    Path input = file("v.npy", NpyBytes.file(Toys.secrets(3)));
    for (Path output :
        new Path[] {folder.resolve("no/o.jsonl"), folder, input.resolve("o.jsonl")}) {
      cli.run("invert", "--input", input, "--output", output).saysOneLine(2, "can't be written");
      cli.run("invert", "--input", input, "--output", output, "--force")
          .saysOneLine(2, "can't be written");
    }
    Path link = Files.createSymbolicLink(folder.resolve("link.jsonl"), folder.resolve("target"));
    cli.run("invert", "--input", input, "--output", link, "--force")
        .saysOneLine(2, "not a regular file");
  }
}
