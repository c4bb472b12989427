package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vec2text.Cancellation;
import io.vec2text.InferenceException;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.Outcome;
import io.vec2text.testing.NpyBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InvertCommandTest {
  private final Cli cli = new Cli();
  @TempDir private Path folder;
  private Path input;
  private Path output;

  @BeforeEach
  void names() {
    input = folder.resolve("vectors.npy");
    output = folder.resolve("out.jsonl");
  }

  private Cli.Run invert(Object... more) {
    return cli.run(Stream.concat(Stream.of("invert", "--input", input), Stream.of(more)).toArray());
  }

  private static String json(float[]... vectors) {
    StringBuilder lines = new StringBuilder();
    for (float[] vector : vectors) {
      lines.append(Arrays.toString(vector)).append('\n');
    }
    return lines.toString();
  }

  @Test
  void invertsToStandardOutput() throws IOException {
    Files.write(input, NpyBytes.file(Toys.secrets(150)));
    Cli.Run run = invert();
    run.saysOneLine(0, "150 vectors: 150 exact, 0 close, 0 topical, 0 failed, 0 errors; 1500 emb");
    Cli.assertSecrets(run.out(), 150);
    assertThat(run.out())
        .startsWith(
            "{\"index\":0,\"text\":\"secret 0\",\"cosine\":1.0,\"verdict\":\"exact\","
                + "\"embedderCalls\":10,\"decodes\":2,\"millis\":3,\"stop\":\"exact\"}\n");
  }

  @Test
  void invertsToAFileForItsOwnerAlone() throws IOException {
    Files.write(input, NpyBytes.file(Toys.secrets(150)));
    List<String> modes = new ArrayList<>();
    cli.toys.hook =
        (n, options) -> {
          if (n == 100) {
            try (Stream<Path> files = Files.list(folder)) {
              for (Path file : files.filter(f -> !f.equals(input)).toList()) {
                modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
              }
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          }
        };
    Cli.Run run = invert("--output", output);
    run.saysOneLine(0, "150 exact");
    assertThat(run.out()).isEmpty();
    Cli.assertSecrets(Files.readString(output), 150);
    // The output, what it depends on, and its lock.
    assertThat(modes).containsExactly("rw-------", "rw-------", "rw-------");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(input, output);
    }
  }

  @Test
  void replacesAnOutputOnlyIfForced() throws IOException {
    Files.write(input, NpyBytes.file(Toys.secrets(2)));
    Files.writeString(output, "old");
    invert("--output", output).saysOneLine(2, "exists already");
    assertThat(output).hasContent("old");
    invert("--output", output, "--force", "--resume").saysOneLine(2, "exclude");
    invert("--output", output, "--force").saysOneLine(0, "2 exact");
    Cli.assertSecrets(Files.readString(output), 2);
    invert("--output", input, "--force").saysOneLine(2, "is the input");
  }

  @Test
  void invertsTexts() {
    Cli.Run run = cli.run("invert", "--text", "secret 7", "--text", "secret 2");
    run.saysOneLine(0, "2 exact");
    assertThat(Cli.parse(run.out()))
        .extracting(n -> n.get("text").textValue())
        .containsExactly("secret 7", "secret 2");
  }

  @Test
  void readsJsonLinesAndCsv() throws IOException {
    input = folder.resolve("v.jsonl");
    Files.writeString(input, json(Toys.secrets(3)));
    Cli.assertSecrets(invert().saysOneLine(0).out(), 3);
    input = folder.resolve("v.csv");
    Files.writeString(input, json(Toys.secrets(3)).replaceAll("[\\[\\] ]", ""));
    Cli.assertSecrets(invert().saysOneLine(0).out(), 3);
  }

  @Test
  void passesItsOptionsOn() throws IOException {
    Files.write(input, NpyBytes.file(Toys.secrets(1)));
    List<InversionOptions> seen = new ArrayList<>();
    cli.toys.hook = (n, options) -> seen.add(options);
    invert().saysOneLine(0);
    assertThat(cli.toys.settings)
        .isEqualTo(
            new EngineSettings(
                "sentence-transformers/all-MiniLM-L6-v2",
                Optional.empty(),
                false,
                "auto",
                OptionalInt.empty(),
                "pool",
                Optional.empty(),
                Optional.empty()));
    assertThat(seen.get(0).maxEmbeddings()).isEqualTo(1000);
    assertThat(seen.get(0).timeLimit()).isEmpty();
    assertThat(seen.get(0).seed()).isZero();
    invert(
            "--model",
            "m",
            "--variant",
            "int8",
            "--device",
            "cuda",
            "--threads",
            3,
            "--search",
            "beam:8x2",
            "--seed",
            5,
            "--max-embeddings",
            20,
            "--max-seconds",
            0.25)
        .saysOneLine(0);
    assertThat(cli.toys.settings)
        .isEqualTo(
            new EngineSettings(
                "m",
                Optional.of("int8"),
                false,
                "cuda",
                OptionalInt.of(3),
                "beam:8x2",
                Optional.empty(),
                Optional.empty()));
    assertThat(seen.get(1).maxEmbeddings()).isEqualTo(20);
    assertThat(seen.get(1).timeLimit()).hasValue(Duration.ofMillis(250));
    assertThat(seen.get(1).seed()).isEqualTo(5);
  }

  @Test
  void tellsTheVariantFromTheFirstVectors() throws IOException {
    Files.write(input, NpyBytes.file(Toys.secrets(10)));
    assertThat(invert("--variant", "auto").err()).contains("variant not detected", "first 8");
    assertThat(cli.toys.settings.variant()).isEmpty();
    assertThat(cli.toys.told).hasSize(8);
    cli.toys.variant = Optional.of("int8");
    Cli.Run told = invert("--variant", "auto");
    assertThat(told.err()).startsWith("vec2text: variant int8: ");
    Cli.assertSecrets(told.out(), 10);
    assertThat(cli.toys.settings.variant()).hasValue("int8");
    cli.toys.told.clear();
    Path there = Files.writeString(folder.resolve("there.jsonl"), "");
    cli.run("invert", "--input", input, "--output", there, "--variant", "auto")
        .saysOneLine(2, "there.jsonl");
    assertThat(cli.toys.told).isEmpty();
    cli.run("invert", "--text", "secret 1", "--variant", "auto")
        .saysOneLine(2, "--variant auto needs a file");
  }

  @Test
  void notesTheNormAndScales() throws IOException {
    float[] twice = Toys.vector("secret 1");
    for (int i = 0; i < twice.length; i++) {
      twice[i] *= 2;
    }
    Files.write(input, NpyBytes.file(Toys.vector("secret 0"), twice));
    List<JsonNode> lines = Cli.parse(invert().saysOneLine(0).out());
    assertThat(lines.get(0).has("norm")).isFalse();
    assertThat(lines.get(1).get("norm").doubleValue()).isEqualTo(2.0);
    lines = Cli.parse(invert("--scale", 0.5).saysOneLine(0).out());
    assertThat(lines.get(0).get("norm").doubleValue()).isEqualTo(0.5);
    assertThat(lines.get(1).has("norm")).isFalse();
  }

  @Test
  void listsTheWordsOfAPassage() throws IOException {
    Files.write(input, NpyBytes.file(Toys.secrets(1)));
    cli.toys.contents = Optional.of(Toys.passage());
    assertThat(invert().out())
        .contains(
            "\"stop\":\"exact\",\"exceedsSupportedLength\":true,\"estimatedTokens\":120,\"words\":["
                + "{\"word\":\"moon\",\"probability\":0.93},{\"word\":\"sea\",\"probability\":0.5}]}");
    assertThat(invert("--words", 1).out()).contains("\"moon\"").doesNotContain("\"sea\"");
    cli.toys.contents = Optional.of(new PredictedWords(Toys.passage().words(), 7, false));
    assertThat(invert().out()).doesNotContain("words", "exceedsSupportedLength");
    assertThat(invert("--words", 5).out())
        .contains("\"sea\"")
        .doesNotContain("exceedsSupportedLength");
  }

  @Test
  void tellsWhichSpansAreReliable() throws IOException {
    Files.write(input, NpyBytes.file(Toys.secrets(1)));
    cli.toys.words =
        List.of(
            new WordProbability("my", 0.75),
            new WordProbability("secret", 0.8),
            new WordProbability("0", 0.25));
    assertThat(invert().out()).doesNotContain("spans");
    assertThat(invert("--confidence").out())
        .contains(
            "{\"word\":\"0\",\"probability\":0.25}],"
                + "\"spans\":[{\"text\":\"my secret\",\"from\":0,\"probability\":0.662359}]");
  }

  @ParameterizedTest
  @CsvSource({
    "NaN, component 2 of the vector is NaN",
    "Infinity, component 2 of the vector is Infinity",
    "0, the vector is zero"
  })
  void reportsABadVectorAmongGoodOnes(float bad, String saying) throws IOException {
    float[][] vectors = Toys.secrets(100);
    vectors[70] = new float[8];
    vectors[70][2] = bad;
    Files.write(input, NpyBytes.file(vectors));
    invert("--output", output).saysOneLine(1, "99 exact", "1 errors (index 70: " + saying);
    List<JsonNode> lines = Cli.parse(Files.readString(output));
    assertThat(lines).hasSize(100);
    assertThat(lines.get(70).get("error").textValue()).contains(saying);
    assertThat(lines.get(70).has("text")).isFalse();
    assertThat(lines.get(71).get("text").textValue()).isEqualTo("secret 71");
  }

  @Test
  void reportsABadLineAmongGoodOnes() throws IOException {
    input = folder.resolve("v.jsonl");
    String good = json(Toys.secrets(2));
    Files.writeString(input, good + "oops\n[1, 2, 3]\n" + good);
    Cli.Run run = invert();
    run.saysOneLine(1, "4 exact", "2 errors (index 2: line 3: not JSON");
    List<JsonNode> lines = Cli.parse(run.out());
    assertThat(lines.get(2).get("error").textValue()).startsWith("line 3: not JSON");
    assertThat(lines.get(3).get("error").textValue())
        .isEqualTo("vector has dimension 3, but toy has dimension 8");
    assertThat(lines.get(5).get("text").textValue()).isEqualTo("secret 1");
  }

  @Test
  void takesTheRowsThatATruncatedArrayStillHas() throws IOException {
    byte[] bytes = NpyBytes.file(Toys.secrets(3));
    Files.write(input, Arrays.copyOf(bytes, bytes.length - 1));
    invert().saysOneLine(1, "2 exact", "1 errors (index 2: is truncated");
    Files.write(input, NpyBytes.of(NpyBytes.dict("(1099511627776, 8)"), new byte[64]));
    invert().saysOneLine(1, "3 errors");
  }

  @Test
  void saysNothingOfATextThatAnErrorHolds() throws IOException {
    Files.write(input, NpyBytes.file(Toys.secrets(1)));
    cli.toys.hook =
        (n, options) ->
            options.listener().finished(0, Outcome.failed(new InferenceException("secret 0")));
    invert().saysOneLine(1, "1 errors (index 0: InferenceException)");
  }

  @Test
  void prefersWhatACancelledSearchHasToSilence() {
    cli.toys.hook = (n, options) -> options.cancellation().cancel();
    Cli.Run run = cli.run("invert", "--text", "secret 7");
    run.saysOneLine(130, "stopped");
    assertThat(run.out()).contains("secret 7", "\"stop\":\"cancelled\"");
  }

  @Test
  void prefersSilenceToNothing() {
    cli.toys.hook = (n, options) -> options.cancellation().cancel();
    cli.toys.embedderCalls = 0;
    Cli.Run run = cli.run("invert", "--text", "secret 7");
    run.saysOneLine(130, "0 vectors", "stopped");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void saysWhatCannotBeReadFurther() throws IOException {
    input = folder.resolve("v.csv");
    String good = json(Toys.secrets(100)).replaceAll("[\\[\\] ]", "");
    Files.writeString(input, good + "\"1,2\n");
    Cli.Run run = invert();
    run.saysOneLine(2, "v.csv: is not CSV");
    Cli.assertSecrets(run.out(), 64);
    invert("--output", output).saysOneLine(2, "v.csv: is not CSV");
    Cli.assertSecrets(Files.readString(output), 64);
  }

  @Test
  void saysThatStandardOutputIsGone() throws IOException {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    Context context =
        new Context(
            new Toys(), InputStream.nullInputStream(), gone, Terminal.NONE, new Cancellation());
    StringWriter err = new StringWriter();
    int status = Main.run(context, new PrintWriter(err), "invert", "--text", "a");
    assertThat(status).isEqualTo(2);
    assertThat(err).hasToString("vec2text: standard output can't be written: Broken pipe\n");
  }
}
