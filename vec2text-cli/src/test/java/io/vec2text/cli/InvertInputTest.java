package io.vec2text.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vec2text.Evidence;
import io.vec2text.InversionOptions;
import io.vec2text.testing.NpyBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code invert} is given, and what it says of it. */
final class InvertInputTest {
  private final Cli cli = new Cli();
  @TempDir private Path folder;
  private Path lines;

  @BeforeEach
  void files() throws IOException {
    lines =
        Files.writeString(
            folder.resolve("v.jsonl"),
            Arrays.toString(Toys.vector("secret 0"))
                + "\n\n"
                + Arrays.toString(Toys.vector("secret 1"))
                + "\noops\n");
  }

  @Test
  void takesAFileWithoutAnOption() throws IOException {
    Path npy = Files.write(folder.resolve("v.npy"), NpyBytes.file(Toys.secrets(3)));
    Cli.assertSecrets(cli.run("invert", npy).saysOneLine(0).out(), 3);
    cli.run("invert", npy, "--input", npy).saysOneLine(2, "mutually exclusive");
    cli.run("invert", npy, "--text", "a").saysOneLine(2, "mutually exclusive");
    cli.run("invert", npy, npy).saysOneLine(2, "v.npy");
  }

  @Test
  void readsStandardInput() throws IOException {
    byte[] bytes = (Arrays.toString(Toys.vector("secret 0")) + "\n").getBytes(UTF_8);
    cli.in = new ByteArrayInputStream(bytes);
    Cli.assertSecrets(cli.run("invert", "-").saysOneLine(0).out(), 1);
    cli.in = new ByteArrayInputStream(bytes);
    Path output = folder.resolve("out.jsonl");
    cli.run("invert", "--input", "-", "--output", output).saysOneLine(0);
    Cli.assertSecrets(Files.readString(output), 1);
    cli.run("invert", "-", "--output", output, "--resume")
        .saysOneLine(2, "--resume needs a file", "standard input");
    cli.in = new ByteArrayInputStream("secret 1\nsecret 2\n".getBytes(UTF_8));
    cli.run("embed", "-", "--output", folder.resolve("v.csv")).saysOneLine(0, "2 texts");
    assertThat(cli.run("invert", folder.resolve("v.csv")).out()).contains("secret 1", "secret 2");
  }

  @Test
  void keepsTheLinesOfTheInput() {
    Cli.Run run = cli.run("invert", lines).saysOneLine(1, "1 errors (index 2: line 4: not JSON");
    List<JsonNode> results = Cli.parse(run.out());
    assertThat(results).extracting(r -> r.get("line").intValue()).containsExactly(1, 3, 4);
    assertThat(run.out()).startsWith("{\"index\":0,\"line\":1,\"text\":\"secret 0\",");
  }

  @Test
  void writesCsvAndText() throws IOException {
    cli.toys.evidence = List.of(new Evidence(Evidence.Kind.AVERAGED, "a mean, \"perhaps\""));
    Path csv = folder.resolve("out.csv");
    cli.run("invert", lines, "--output", csv);
    assertThat(Files.readAllLines(csv))
        .hasSize(4)
        .contains(
            "index,line,id,text,cosine,verdict,embedderCalls,decodes,millis,stop,norm,stored,"
                + "evidence,confidence,estimatedTokens,words,error",
            "0,1,,secret 0,1.0,exact,10,2,3,exact,,,\"a mean, \"\"perhaps\"\"\",,,,")
        .element(3)
        .asString()
        .startsWith("2,4,,,,,,,,,,,,,,,")
        .contains("line 4: not JSON");
    String text = cli.run("invert", lines, "--output-format", "text").out();
    assertThat(text.lines())
        .hasSize(3)
        .contains("1\tline 3\texact 1.000000\tsecret 1\ta mean, \"perhaps\"");
    assertThat(text).contains("2\tline 4\terror\t\tline 4: not JSON");
    cli.run("invert", lines, "--output", folder.resolve("out.parquet"))
        .saysOneLine(2, "out.parquet: can't be written, expected a name that ends in .jsonl");
    cli.run("embed", lines, "--output", folder.resolve("out.txt"))
        .saysOneLine(2, "out.txt: can't be written, expected a name that ends in .npy");
  }

  @Test
  void saysOnceWhatManyVectorsShow() throws IOException {
    Path npy = Files.write(folder.resolve("v.npy"), NpyBytes.file(Toys.secrets(70)));
    cli.toys.evidence = List.of(new Evidence(Evidence.Kind.SIGN_CODE, "only signs are left"));
    Cli.Run run = cli.run("invert", npy);
    assertThat(run.status()).isZero();
    assertThat(run.err().lines())
        .hasSize(2)
        .first()
        .isEqualTo("vec2text: 70 vectors: only signs are left");
    assertThat(Cli.parse(run.out()).get(69).get("evidence").get("sign_code").textValue())
        .isEqualTo("only signs are left");
  }

  @Test
  void searchesEqualVectorsOnce() throws IOException {
    float[][] vectors = Toys.secrets(200);
    for (int i = 64; i < 200; i++) {
      vectors[i] = vectors[i % 64];
    }
    Path npy = Files.write(folder.resolve("v.npy"), NpyBytes.file(vectors));
    Cli.Run run = cli.run("invert", npy);
    assertThat(cli.toys.inverted).isEqualTo(64);
    assertThat(run.err()).contains("136 vectors: the same vector comes earlier");
    List<JsonNode> results = Cli.parse(run.out());
    assertThat(results.get(199).get("text").textValue()).isEqualTo("secret 7");
    assertThat(results.get(199).get("embedderCalls").intValue()).isZero();
  }

  @Test
  void refusesWhatDoesNotFitBeforeModelsLoad() throws IOException {
    Path npy = Files.write(folder.resolve("v.npy"), NpyBytes.file(new float[3][6]));
    cli.run("invert", npy)
        .saysOneLine(
            2, "v.npy: holds vectors of dimension 6, but toy has dimension 8", "--truncated 6");
    assertThat(cli.toys.settings).isNull();
    Path none = Files.writeString(folder.resolve("n.jsonl"), "[1,2,3]\noops\n");
    cli.run("invert", none).saysOneLine(2, "dimension 3");
    assertThat(cli.toys.settings).isNull();
  }

  @Test
  void passesOnWhatIsSaidOfVectors() throws IOException {
    List<InversionOptions> seen = new ArrayList<>();
    cli.toys.hook = (n, options) -> seen.add(options);
    Path cut =
        Files.write(folder.resolve("v.npy"), NpyBytes.file(new float[][] {{1, 2, 3, 4, 5, 6}}));
    cli.run("invert", cut, "--truncated", 6, "--search-anyway");
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).truncated()).hasValue(6);
    assertThat(seen.get(0).searchAnyway()).isTrue();
    cli.run("invert", cut, "--truncated", 0).saysOneLine(2, "--truncated must be at least 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "any-exact",
        "all-exact",
        "exact-share>0.5",
        "exact-share>=1",
        "exact-count>1",
        "found-count>=2",
        "any-found",
        "exact-share > 0.99"
      })
  void endsWithStatus3IfAConditionHolds(String condition) throws IOException {
    Path npy = Files.write(folder.resolve("v.npy"), NpyBytes.file(Toys.secrets(2)));
    Cli.Run run = cli.run("invert", npy, "--fail-if", "any-error", "--fail-if", condition);
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).endsWith("vec2text: --fail-if " + condition + " holds\n");
    Cli.assertSecrets(run.out(), 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "any-failed",
        "all-close",
        "exact-share>1",
        "exact-count>2",
        "any-error",
        "error-share>0",
        "close-share>=0.1"
      })
  void endsWellIfNoConditionHolds(String condition) throws IOException {
    Path npy = Files.write(folder.resolve("v.npy"), NpyBytes.file(Toys.secrets(2)));
    cli.run("invert", npy, "--fail-if", condition).saysOneLine(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "exact",
        "any-thing",
        "exact-share>2",
        "exact-share<1",
        "exact-share>x",
        "some-exact"
      })
  void refusesWhatIsNoCondition(String condition) {
    cli.run("invert", lines, "--fail-if", condition).saysOneLine(2, "--fail-if");
  }

  @Test
  void failsIfNoVectorCanBeRead() throws IOException {
    Path bad = Files.writeString(folder.resolve("b.jsonl"), "[1,2,NaN\n".repeat(3));
    assertThat(cli.run("invert", bad).saysOneLine(2, "b.jsonl").out()).isEmpty();
    Path zeros = Files.write(folder.resolve("z.npy"), NpyBytes.file(new float[3][8]));
    cli.run("invert", zeros).saysOneLine(1, "3 errors");
  }
}
