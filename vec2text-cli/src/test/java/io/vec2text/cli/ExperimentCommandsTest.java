package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code eval table}, {@code eval sweep}, their reports, and running them once more. */
final class ExperimentCommandsTest {
  private final Cli cli = new Cli();
  @TempDir private Path folder;
  private Path texts;
  private Path json;
  private Path html;
  private Path markdown;

  @BeforeEach
  void names() throws IOException {
    texts = Files.writeString(folder.resolve("t.txt"), "secret 1\nsecret 2\nsecret 3\nelse\n");
    json = folder.resolve("figures.json");
    html = folder.resolve("report.html");
    markdown = folder.resolve("report.md");
  }

  private Cli.Run table(Object... more) {
    return run(new Object[] {"eval", "table", "--texts", texts, "--steps", 2, "--width", 2}, more);
  }

  private Cli.Run run(Object[] first, Object... more) {
    return cli.run(Stream.of(first, more).flatMap(Arrays::stream).toArray());
  }

  @Test
  void printsTheTableAndWritesReports() throws IOException {
    Cli.Run run = table("--json", json, "--html", html, "--markdown", markdown, "--seed", 4);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("| base, 0 steps ", "| 2 steps + sequence beam of 2 ", "| withheld |")
        .contains(
            "one prefix vector: none was given",
            "Published figures, of another embedder",
            "models toys")
        .doesNotContain("secret");
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    assertThat(figures.get("systems")).hasSize(14);
    assertThat(figures.get("command"))
        .extracting(JsonNode::asText)
        .containsExactly("eval", "table", "--texts=" + texts, "--steps=2", "--width=2", "--seed=4");
    assertThat(html).content().contains("<svg", "▇▇▇").doesNotContain("secret 1");
    assertThat(markdown).content().contains("# Systems that invert").doesNotContain("secret 1");
    assertThat(json).content().doesNotContain("secret");
  }

  @Test
  void aPrefixDecoderFillsItsRow() {
    assertThat(table("--prefix-decoder", folder).out())
        .contains("| decoder conditioned by one prefix vector ", "models toys of " + folder);
    table("--prefix-decoder", folder.resolve("none"))
        .saysOneLine(2, "--prefix-decoder must be the directory of a package, was ");
  }

  @Test
  void showsTextsIfAskedToButNoneGivenWithTheirHash() throws IOException {
    table("--html", html, "--reveal");
    assertThat(html).content().contains("secret");
    String hash = MoreFiles.asByteSource(texts).hash(Hashing.sha256()).toString();
    table("--html", html, "--reveal", "--sha256", hash);
    assertThat(html).content().doesNotContain("secret", "Examples");
    table("--sha256", "0".repeat(64)).saysOneLine(2, "has sha256 " + hash);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void reportsAreForTheOwnerAlone() throws IOException {
    table("--json", json, "--html", html, "--markdown", markdown);
    for (Path file : new Path[] {json, html, markdown}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aStoppedRunGoesOnWhereItWas() {
    Path kept = folder.resolve("kept");
    cli.toys.hook =
        (n, options) -> {
          if (n == 2) {
            options.cancellation().cancel();
          }
        };
    Object[] eval = {"eval", "--texts", texts, "--resume", kept};
    assertThat(cli.run(eval).status()).isEqualTo(130);
    cli.toys.hook = (n, options) -> {};
    int before = cli.toys.inverted;
    assertThat(cli.run(eval).status()).isZero();
    assertThat(cli.toys.inverted - before).isBetween(1, 3);
    int after = cli.toys.inverted;
    assertThat(cli.run(eval).status()).isZero();
    assertThat(cli.toys.inverted).isEqualTo(after);
  }

  @Test
  void sweepsOverDomains() throws IOException {
    Path other =
        Files.writeString(
            folder.resolve("o.txt"), "one two three four\nfive six seven eight nine ten\n");
    Cli.Run run =
        cli.run(
            "eval",
            "sweep",
            "--over",
            "domain",
            "--texts",
            other,
            "--domain",
            "mine=" + other,
            "--limit",
            2,
            "--html",
            html);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("| pool   | mine ", "| 4-8    |");
    assertThat(html).content().contains("Inversion by domain");
  }

  @ParameterizedTest
  @CsvSource({
    "table --steps 1,'--steps must be at least 2'",
    "table --width 1,'--width must be at least 2'",
    "table --limit 0,'--limit must be at least 1'",
    "table --search greedy:3,'--search has no meaning here'",
    "table --html none/x.html,'its folder does not exist'",
    "table --sha256 00,'--sha256 is the hash of --texts'",
    "sweep,--over",
    "sweep --over mood,mood",
    "sweep --over length --values 0,'must be at least 1, one was 0'",
    "sweep --over steps --widths 0,'widths must be at least 1'",
    "sweep --over domain,'--domain goes with --over domain'",
    "sweep --over domain --domain x,'a domain must be NAME=FILE'",
    "sweep --over domain --domain x=none.txt,'none.txt: no such file'",
    "--rerun none.json,'none.json: no such file'",
    "--rerun none.json --limit 3,'--rerun takes no other options'"
  })
  void refusesWhatCannotWork(String options, String saying) {
    Object[] args = ("eval " + options).split(" ");
    cli.run(args).saysOneLine(2, saying);
    assertThat(cli.toys.settings).as("models were loaded").isNull();
  }

  @Test
  void sweepsByTokensNeedTokens() {
    cli.run("eval", "sweep", "--over", "length").saysOneLine(2, "does not show its tokens");
  }

  @Test
  void aReportReproducesItsFigures() throws IOException {
    assertThat(table("--json", json).status()).isZero();
    Cli.Run again = cli.run("eval", "--rerun", json);
    assertThat(again.err()).isEmpty();
    assertThat(again.status()).as(again.out()).isZero();
    assertThat(again.out()).containsPattern("\\n(\\d+) of \\1 figures are the same, times aside");
    cli.run("eval", "--texts", texts, "--floors", "--json", json, "--max-embeddings", 20);
    assertThat(cli.run("eval", "--rerun", json).status()).isZero();
  }

  @Test
  void saysWhichFiguresAreOthers() throws IOException {
    cli.run("eval", "--texts", texts, "--json", json);
    ObjectNode root = (ObjectNode) new ObjectMapper().readTree(json.toFile());
    ((ObjectNode) root.at("/evaluations/0/rows/0")).put("bleu", 12.5);
    ((ObjectNode) root.at("/evaluations/0/provenance/versions")).put("java", "1.4");
    Files.writeString(json, root.toString());
    Cli.Run again = cli.run("eval", "--rerun", json);
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.out())
        .contains("/evaluations/0/rows/0/bleu: was 12.5, is ")
        .contains("versions/java: was \"1.4\", is ");
  }

  @Test
  void reportsWithoutACommandOrUnderADeadlineAreRefused() throws IOException {
    cli.run("eval", "--texts", texts, "--json", json, "--max-seconds", 1);
    cli.run("eval", "--rerun", json).saysOneLine(2, "was made under --max-seconds");
    Files.writeString(json, "{}");
    cli.run("eval", "--rerun", json).saysOneLine(2, "names no command that made it");
    Files.writeString(json, "{");
    cli.run("eval", "--rerun", json).saysOneLine(2, "is not JSON");
  }
}
