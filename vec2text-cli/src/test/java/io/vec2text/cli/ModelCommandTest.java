package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at packages, on the converted toy checkpoint of vec2text-onnx's tests. */
final class ModelCommandTest {
  private static final Path TOY =
      Path.of(
          "..", "vec2text-onnx", "src", "test", "resources", "io", "vec2text", "onnx", "t5-toy");

  private final Cli cli = new Cli(new OnnxEngines());
  @TempDir private Path folder;

  private Path copy() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    for (Path file : files(TOY)) {
      Files.copy(file, copy.resolve(file.getFileName()));
    }
    return copy;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private Path zip(String prefix, Path directory) throws IOException {
    Path zip = folder.resolve("toy.zip");
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      for (Path file : files(directory)) {
        entries.putNextEntry(new ZipEntry(prefix + file.getFileName()));
        Files.copy(file, entries);
      }
    }
    return zip;
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 3] ^= 4;
    Files.write(file, bytes);
  }

  @Test
  void inspectShowsWhatTheManifestSays() {
    Cli.Run run = cli.run("model", "inspect", TOY);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("name      t5-toy\n", "kind      vec2text-t5\n", "licence   Apache-2.0\n")
        .contains("gtr-t5-base (raw-mean-pool, 32), pooling mean, not normalised, up to 32 tokens")
        .contains("correct_step  correct_step.onnx", "corrector.bin");
  }

  @Test
  void verifySaysHowLongItTook() {
    Cli.Run run = cli.run("model", "verify", TOY);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .matches(
            "OK: t5-toy for sentence-transformers/gtr-t5-base \\(raw-mean-pool, 32\\): 10 files,"
                + " 1.1 MB verified in [0-9.]+ s; loaded in [0-9.]+ s\n");
  }

  @Test
  void verifyFindsAFlippedByte() throws IOException {
    Path copy = copy();
    flip(copy.resolve("inverter.bin"));
    cli.run("model", "verify", copy).saysOneLine(2, "file inverter.bin has SHA-256", "expected");
  }

  @Test
  void verifyNeedsAPackage() {
    cli.run("model", "verify", folder).saysOneLine(2, "no model package in " + folder);
  }

  @Test
  void importCopiesADirectoryOrAZipFile() throws IOException {
    Path target = folder.resolve("models").resolve("toy");
    Cli.Run run = cli.run("model", "import", TOY, "--to", target);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("OK: t5-toy");
    for (String prefix : List.of("", "toy/")) {
      Path unzipped = folder.resolve("models").resolve("from" + prefix.length());
      run = cli.run("model", "import", zip(prefix, TOY), "--to", unzipped);
      assertThat(run.status()).as(run.err()).isZero();
      assertThat(files(unzipped)).hasSameSizeAs(files(TOY));
    }
    assertThat(files(target.getParent())).hasSize(3);
  }

  @Test
  void importLeavesNothingOfADamagedPackageBehind() throws IOException {
    Path copy = copy();
    flip(copy.resolve("correct.onnx"));
    Path target = folder.resolve("models").resolve("toy");
    cli.run("model", "import", zip("", copy), "--to", target)
        .saysOneLine(2, "file correct.onnx has SHA-256");
    assertThat(files(target.getParent())).isEmpty();
  }

  @Test
  void importRefusesWhatItCannotRead() throws IOException {
    Path target = folder.resolve("toy");
    cli.run("model", "import", folder.resolve("none"), "--to", target)
        .saysOneLine(2, "none: no such file or directory");
    Path text = Files.writeString(folder.resolve("text.zip"), "no zip");
    cli.run("model", "import", text, "--to", target)
        .saysOneLine(2, "text.zip is neither a directory nor a whole zip file");
    cli.run("model", "import", TOY, "--to", folder).saysOneLine(2, "exists already");
  }

  @Test
  void aConvertedCheckpointIsInverted() {
    Cli.Run run =
        cli.run(
            "invert",
            "--model",
            TOY,
            "--verify-once",
            "--text",
            "He died.",
            "--max-embeddings",
            "40",
            "--search",
            "published:1x2");
    assertThat(run.status()).as(run.err()).isZero();
    JsonNode line = Cli.parse(run.out()).get(0);
    assertThat(line.get("cosine").doubleValue()).isBetween(-1.0, 1.0);
    assertThat(line.get("stop").textValue()).isEqualTo("budget");
  }
}
