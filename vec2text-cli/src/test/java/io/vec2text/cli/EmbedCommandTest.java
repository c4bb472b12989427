package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.sources.ReadOptions;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorFiles;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbedCommandTest {
  private final Cli cli = new Cli();
  @TempDir private Path folder;
  private Path input;
  private Path output;

  @BeforeEach
  void names() {
    input = folder.resolve("texts.txt");
    output = folder.resolve("vectors.npy");
  }

  private Cli.Run embed(Object... more) {
    Object[] args = {"embed", "--input", input, "--output", output};
    return cli.run(Stream.concat(Stream.of(args), Stream.of(more)).toArray());
  }

  private void assertFolderHolds(Path... files) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      assertThat(found).containsExactlyInAnyOrder(files);
    }
  }

  @Test
  void embedsALineAVector() throws IOException {
    String lines =
        IntStream.range(0, 150).mapToObj(i -> "secret " + i).collect(Collectors.joining("\n"));
    Files.writeString(input, lines + "\n\nthé end");
    embed("--model", "m", "--device", "cpu", "--threads", 2).saysOneLine(0, "152 texts");
    assertThat(cli.toys.settings.model()).isEqualTo("m");
    assertThat(cli.toys.settings.device()).isEqualTo("cpu");
    assertThat(cli.toys.settings.threads()).hasValue(2);
    try (VectorReader reader = VectorFiles.open(output, ReadOptions.defaults())) {
      assertThat(reader.rows()).hasValue(152);
      for (int i = 0; i < 152; i++) {
        String text = i < 150 ? "secret " + i : i == 150 ? "" : "thé end";
        assertThat(((Row.Vector) reader.next()).values()).isEqualTo(Toys.vector(text));
      }
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
        .isEqualTo("rw-------");
    assertFolderHolds(input, output);
  }

  @Test
  void replacesAnOutputOnlyIfForced() throws IOException {
    Files.writeString(input, "a");
    Files.writeString(output, "old");
    embed().saysOneLine(2, "exists already");
    assertThat(output).hasContent("old");
    embed("--force").saysOneLine(0, "1 texts");
    assertThat(Files.size(output)).isEqualTo(128 + 4 * 8);
    cli.run("embed", "--input", input, "--output", input, "--force").saysOneLine(2, "is the input");
  }

  @Test
  void leavesNothingOfARunThatFails() throws IOException {
    embed().saysOneLine(2, "texts.txt: no such file");
    Files.writeString(input, "");
    embed().saysOneLine(2, "texts.txt: is empty");
    Files.write(input, new byte[] {'a', '\n', (byte) 0xFF});
    embed().saysOneLine(2, "line 2 is not UTF-8");
    Files.writeString(input, "a");
    cli.cancellation.cancel();
    embed().saysOneLine(2, "stopped");
    assertFolderHolds(input);
  }

  @Test
  void needsAFolderForItsOutput() throws IOException {
    Files.writeString(input, "a");
    cli.run("embed", "--input", input, "--output", folder.resolve("no/v.npy"))
        .saysOneLine(2, "can't be written");
    cli.run("embed", "--input", input, "--output", folder).saysOneLine(2, "can't be written");
    cli.run("embed", "--input", input, "--output", input.resolve("v.npy"))
        .saysOneLine(2, "can't be written");
  }

  @Test
  void closesItsEmbedder() throws IOException {
    Files.writeString(input, "a");
    boolean[] closed = new boolean[1];
    Engines engines =
        new Toys() {
          @Override
          public Embedder openEmbedder(EngineSettings chosen) {
            Embedder toy = super.openEmbedder(chosen);
            return new Embedder() {
              @Override
              public EmbeddingSpace space() {
                return toy.space();
              }

              @Override
              public float[][] embed(List<String> texts) {
                return toy.embed(texts);
              }

              @Override
              public void close() {
                closed[0] = true;
              }
            };
          }
        };
    Context context =
        new Context(
            engines,
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            Terminal.NONE,
            new Cancellation());
    String[] args = {"embed", "--input", input.toString(), "--output", output.toString()};
    assertThat(Main.run(context, new PrintWriter(Writer.nullWriter()), args)).isZero();
    assertThat(closed[0]).isTrue();
  }
}
