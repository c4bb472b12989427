package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.Cancellation;
import io.vec2text.Evidence;
import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.sources.Place;
import io.vec2text.sources.Row;
import io.vec2text.testing.NpyBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuditCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LEAK = "mail anna@example.com";

  private final Cli cli = new Cli();
  @TempDir private Path folder;
  private Path input;

  @BeforeEach
  void store() throws IOException {
    input = folder.resolve("export.jsonl");
    write(100);
  }

  /** Writes the vectors of the first known texts, with ids. */
  private void write(int n) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < n; i++) {
      lines.append(line("doc-" + i, cli.toys.vectors.get(i)));
    }
    Files.writeString(input, lines);
  }

  private static String line(String id, float[] vector) {
    return "{\"id\":\"" + id + "\",\"embedding\":" + Arrays.toString(vector) + "}\n";
  }

  /** Lets a known text be another one. */
  private void leak(int index, String text) {
    cli.toys.texts.set(index, text);
    cli.toys.vectors.set(index, Toys.vector(text));
  }

  private Cli.Run audit(Object... more) {
    return cli.run(Stream.concat(Stream.of("audit", input), Stream.of(more)).toArray());
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readAllBytes(file));
  }

  @Test
  void auditsWhatAnotherFormOfStorageWouldLeave() throws IOException {
    assertThat(audit("--json", file("plain.json")).status()).isZero();
    assertThat(audit("--json", file("less.json"), "--storage", "truncate:2").status()).isZero();
    JsonNode plain = json(file("plain.json"));
    JsonNode less = json(file("less.json"));
    assertThat(less.findPath("source").asText())
        .isEqualTo(plain.findPath("source").asText() + ", as if stored as truncate:2");
    assertThat(less.findPath("readable")).isNotEqualTo(plain.findPath("readable"));
    assertThat(audit("--storage", "none").err()).contains("storage must be float32");
  }

  @Test
  void printsASummaryWithoutTexts() throws IOException {
    leak(3, LEAK);
    write(100);
    Cli.Run run = audit();
    assertThat(run.status()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("High risk", "100 of 100 records were tested", "from 1 of 100 (1.0 %)", "e-mail")
        .doesNotContain("anna", "secret 0");
  }

  @Test
  void writesAllReportsForTheirOwnerAlone() throws IOException {
    leak(3, LEAK);
    write(100);
    List<String> kinds = List.of("html", "markdown", "json", "sarif", "junit", "csv");
    Object[] options =
        kinds.stream().flatMap(k -> Stream.of("--" + k, file("report." + k))).toArray();
    assertThat(audit(options).status()).isZero();
    for (String kind : kinds) {
      Path report = file("report." + kind);
      assertThat(Files.readString(report)).as(kind).isNotEmpty().doesNotContain("anna");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(report)))
          .isEqualTo("rw-------");
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(7);
    }
    assertThat(json(file("report.json")).path("findings")).hasSize(101);
    assertThat(json(file("report.sarif")).at("/runs/0/results")).hasSize(101);
    audit("--reveal", "--json", file("revealed.json"));
    assertThat(Files.readString(file("revealed.json"))).contains("anna@example.com");
  }

  @Test
  void drawsASample() throws IOException {
    assertThat(audit("--sample", 20, "--seed", 4, "--json", file("a.json")).status()).isZero();
    assertThat(json(file("a.json")).at("/sampling/inverted").intValue()).isEqualTo(20);
    assertThat(json(file("a.json")).at("/sampling/population").intValue()).isEqualTo(100);
    assertThat(cli.toys.inverted).isEqualTo(20);
  }

  /** A pipeline passes, fails when a leak comes, and passes again when that is known. */
  @Test
  void failsOnANewLeakOnly() throws IOException {
    Path baseline = file("baseline.json");
    audit("--fail-on", "high", "--json", baseline);
    assertThat(audit("--fail-on", "high", "--baseline", baseline).status()).isZero();
    leak(3, LEAK);
    write(100);
    Cli.Run failed = audit("--fail-on", "high", "--baseline", baseline, "--json", file("new.json"));
    failed.saysOneLine(3, "--fail-on high holds");
    assertThat(json(file("new.json")).at("/baseline/new").intValue()).isEqualTo(1);
    assertThat(audit("--fail-on", "high", "--baseline", file("new.json")).status()).isZero();
    assertThat(audit("--fail-on", "high:2", "--baseline", baseline).status()).isZero();
    assertThat(audit("--fail-on", "critical", "--baseline", baseline).status()).isZero();
    // The baseline may be replaced by the report that was compared with it.
    assertThat(audit("--baseline", baseline, "--json", baseline).status()).isZero();
    assertThat(audit("--fail-on", "low", "--baseline", baseline).status()).isZero();
  }

  @Test
  void plantsCanariesAndFindsThem() throws IOException {
    Path canaries = file("canaries.jsonl");
    Cli.Run planted = cli.run("audit", "plant", "--count", 3, "--seed", 2, "--output", canaries);
    assertThat(planted.status()).as(planted.err()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(canaries)))
        .isEqualTo("rw-------");
    cli.run("audit", "plant", "--output", canaries).saysOneLine(2, "exists already");
    List<JsonNode> lines = Cli.parse(Files.readString(canaries));
    assertThat(lines).hasSize(3);
    String text = lines.get(0).path("text").asText();
    leak(200, text);
    Files.writeString(input, Files.readString(input) + line("x", cli.toys.vectors.get(200)));
    Cli.Run run = audit("--canaries", canaries, "--json", file("r.json"));
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("Of 3 planted sentences 1 were found");
    assertThat(json(file("r.json")).at("/canaries/0/state").asText()).isEqualTo("exact");
    assertThat(json(file("r.json")).at("/canaries/1/state").asText()).isEqualTo("not-in-store");
    assertThat(json(file("r.json")).at("/sampling/population").intValue()).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({"t.jsonl", "t.csv"})
  void comparesWithTheTruth(String name) throws IOException {
    leak(3, LEAK);
    write(100);
    String texts =
        name.endsWith("csv")
            ? "id,text\ndoc-3,Mail anna@example.com\ndoc-4,Something else.\n"
            : """
            {"id":"doc-3","text":"Mail anna@example.com"}
            {"id":"doc-4","text":"Something else."}
            """;
    Files.writeString(file(name), texts);
    assertThat(audit("--truth", file(name), "--json", file("r.json")).status()).isZero();
    JsonNode truth = json(file("r.json")).path("truth");
    assertThat(truth.at("/exact/count").intValue()).isEqualTo(1);
    assertThat(truth.at("/exact/of").intValue()).isEqualTo(2);
    assertThat(truth.at("/recall/email/count").intValue()).isEqualTo(1);
  }

  @Test
  void refusesVectorsOfAnotherModel() throws IOException {
    cli.toys.evidence = List.of(new Evidence(Evidence.Kind.OTHER_MODEL, "it is another's"));
    audit().saysOneLine(2, "64 of 64 vectors", "another model than toy", "vec2text space identify");
    assertThat(audit("--search-anyway").status()).isZero();
    Files.writeString(input, "[1,2,3]\n");
    audit().saysOneLine(2, "holds vectors of dimension 3, but toy has dimension 8");
  }

  @Test
  void aStopLeavesAReportAndGoesOn() throws IOException {
    Path kept = file("kept");
    assertThat(audit("--json", file("whole.json")).status()).isZero();
    cli.toys.inverted = 0;
    Cancellation cancellation = cli.cancellation;
    cli.toys.hook =
        (n, options) -> {
          if (n == 80) {
            cancellation.cancel();
          }
        };
    audit("--resume", kept, "--json", file("part.json"))
        .saysOneLine(130, "stopped", "the same command goes on");
    assertThat(json(file("part.json")).path("complete").booleanValue()).isFalse();
    int part = json(file("part.json")).at("/sampling/inverted").intValue();
    assertThat(part).isBetween(64, 80);
    cli.toys.hook = (n, options) -> {};
    cli.toys.inverted = 0;
    assertThat(audit("--resume", kept, "--json", file("all.json")).status()).isZero();
    assertThat(cli.toys.inverted).isLessThan(40);
    assertThat(withoutDate(file("all.json"))).isEqualTo(withoutDate(file("whole.json")));
  }

  private static JsonNode withoutDate(Path file) throws IOException {
    JsonNode report = json(file);
    ((ObjectNode) report.path("subject")).remove("date");
    return report;
  }

  @Test
  void saysWhatIsStoredThatShouldNotBe() throws IOException {
    Files.writeString(file("deleted.txt"), "doc-3\r\n\ndoc-4\ndoc-777\n");
    Files.writeString(file("known.txt"), cli.toys.texts.get(7) + "\nno such text\n");
    Cli.Run run =
        audit(
            "--deleted-ids",
            file("deleted.txt"),
            "--known",
            file("known.txt"),
            "--fail-on",
            "high:2",
            "--json",
            file("r.json"));
    run.saysOneLine(3, "--fail-on high:2 holds");
    assertThat(run.out())
        .contains("Of 3 ids that the source system has deleted, 2 records are still stored.")
        .contains("Of 2 known texts, 1 are in the store.");
    assertThat(json(file("r.json")).at("/known/found/0/record").asText()).isEqualTo("doc-7");
    assertThat(audit("--fail-on", "high", "--baseline", file("r.json")).status()).isZero();
    audit("--known", file("none.txt")).saysOneLine(2, "none.txt: no such file");
    audit("--json", file("deleted.txt"), "--deleted-ids", file("deleted.txt"))
        .saysOneLine(2, "is the input");
    Files.writeString(file("empty.txt"), "\n");
    audit("--deleted-ids", file("empty.txt")).saysOneLine(2, "holds no ids, expected one a line");
    audit("--known", file("empty.txt")).saysOneLine(2, "holds 0 texts, expected 1 to 10000");
  }

  @Test
  void invertsWhatIsSuspectedBesidesTheSample() throws IOException {
    cli.toys.contents =
        Optional.of(new PredictedWords(List.of(new WordProbability("password", 0.9)), 5, false));
    Cli.Run run = audit("--sample", 10, "--triage", 7, "--json", file("r.json"));
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("By their predicted words 100 of 100 records are suspected")
        .contains("7 of them were inverted besides the sample");
    assertThat(json(file("r.json")).at("/triage/inverted").intValue()).isEqualTo(7);
    assertThat(json(file("r.json")).path("findings")).hasSize(17);
    assertThat(cli.toys.inverted).isEqualTo(17);
    audit("--triage", -1).saysOneLine(2, "--triage must be at least 0, was -1");
    cli.toys.contents = Optional.empty();
    audit("--triage", 0).saysOneLine(2, "needs models that predict words");
  }

  @Test
  void drawsFromEachGroup() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      String tenant = ",\"tenant\":\"" + (i < 90 ? "large" : "small") + "\"}\n";
      lines.append(line("doc-" + i, cli.toys.vectors.get(i)).replace("}\n", tenant));
    }
    Files.writeString(input, lines);
    assertThat(audit("--sample", 20, "--by", "tenant", "--json", file("r.json")).status()).isZero();
    JsonNode strata = json(file("r.json")).path("strata");
    assertThat(strata).hasSize(2);
    assertThat(strata.get(1).path("value").asText()).isEqualTo("small");
    assertThat(strata.at("/1/readable/sample").intValue()).isEqualTo(5);
    assertThat(strata.at("/0/readable/population").intValue()).isEqualTo(90);
    input = Files.write(file("v.npy"), NpyBytes.file(Toys.secrets(5)));
    audit("--by", "tenant").saysOneLine(2, "is npy, the field `tenant` can be read of JSON");
  }

  @Test
  void asksAStoreForTheFieldOfTheGroups() throws IOException {
    ToyStore.fill(0);
    for (int i = 0; i < 30; i++) {
      Place place = Place.UNKNOWN.withId("doc" + i);
      Map<String, String> fields = Map.of("tenant", i % 3 == 0 ? "a" : "b");
      ToyStore.ROWS.add(new Row.Vector(cli.toys.vectors.get(i), place, fields));
    }
    Cli.Run run = cli.run("audit", "toystore:x", "--by", "tenant", "--json", file("r.json"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(ToyStore.options.metadata()).containsExactly("tenant");
    assertThat(json(file("r.json")).at("/strata/0/leaking/population").intValue()).isEqualTo(10);
    cli.run("audit", "toystore:x", "--by", "team").saysOneLine(2, "no record has the field `team`");
  }

  @Test
  void comparesTwoAudits() throws IOException {
    assertThat(audit("--json", file("old.json")).status()).isZero();
    leak(3, LEAK);
    write(100);
    assertThat(audit("--json", file("new.json")).status()).isZero();
    Cli.Run run =
        cli.run(
            "audit", "compare", file("old.json"), file("new.json"), "--json", file("change.json"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("1 findings are new, 0 are gone, 100 are the same")
        .contains("doc-3")
        .doesNotContain("anna");
    assertThat(json(file("change.json")).path("new")).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("change.json"))))
        .isEqualTo("rw-------");
    cli.run("audit", "compare", input, file("new.json"))
        .saysOneLine(2, "export.jsonl: is no JSON report of an audit");
    cli.run("audit", "compare", file("old.json"), file("none.json"))
        .saysOneLine(2, "none.json: no such file");
    cli.run("audit", "compare", file("old.json"), file("new.json"), "--json", file("old.json"))
        .saysOneLine(2, "is the input");
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    cli.run("audit").saysOneLine(2, "expected a file of vectors");
    audit("--sample", 0).saysOneLine(2, "--sample must be at least 1, was 0");
    audit("--fail-on", "severe").saysOneLine(2, "\"severe\" is no threshold");
    audit("--baseline", file("none.json")).saysOneLine(2, "none.json: no such file");
    audit("--baseline", input).saysOneLine(2, "is no JSON report of an audit");
    audit("--json", input).saysOneLine(2, "is the input");
    audit("--json", file("a"), "--html", file("a")).saysOneLine(2, "given for two outputs");
    audit("--canaries", input).saysOneLine(2, "line 1 is no JSON object with \"id\" and \"text\"");
    Files.writeString(file("x.csv"), "a,b\n1,2\n");
    audit("--truth", file("x.csv")).saysOneLine(2, "has no columns \"id\" and \"text\"");
    cli.run("audit", "plant", "--count", 0, "--output", file("c"))
        .saysOneLine(2, "--count must be from 1 to 1000, was 0");
    input = file("gone.jsonl");
    audit().saysOneLine(2, "gone.jsonl: no such file");
  }

  @Test
  void badRowsAreCountedAndTheRestGoesOn() throws IOException {
    Files.writeString(input, Files.readString(input) + "{\"id\":\"bad\",\"embedding\":[1,2,\n");
    Cli.Run run = audit("--json", file("r.json"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(json(file("r.json")).at("/sampling/malformed").intValue()).isEqualTo(1);
    assertThat(json(file("r.json")).at("/sampling/inverted").intValue()).isEqualTo(100);
  }
}
