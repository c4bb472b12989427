package io.vec2text.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DefenceCommandTest {
  private final Cli cli = new Cli();
  @TempDir private Path folder;

  @BeforeEach
  void writeCollection() throws IOException {
    StringBuilder corpus = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      corpus.append("{\"_id\": \"%d\", \"text\": \"The secret is number %d.\"}%n".formatted(i, i));
    }
    Files.writeString(folder.resolve("corpus.jsonl"), corpus);
    Files.writeString(
        folder.resolve("queries.jsonl"), "{\"_id\": \"q\", \"text\": \"The secret is number 3.\"}");
    Files.writeString(folder.resolve("qrels.tsv"), "q\t3\t1\n");
  }

  private Cli.Run defence(Object... more) {
    return cli.run(
        Stream.concat(Stream.of("eval", "defence", "--ir", folder), Arrays.stream(more)).toArray());
  }

  @Test
  void printsATableAndWritesFigures() throws IOException {
    Path json = folder.resolve("figures.json");
    Cli.Run run =
        defence(
            "--defences",
            "int8,truncate:4",
            "--defences",
            "rotation",
            "--sentences",
            5,
            "--pairs",
            16,
            "--seed",
            4,
            "--max-embeddings",
            11,
            "--threads",
            3,
            "--json",
            json);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("budget: 11 embeddings a vector, seed 4", "threads: 3")
        .contains("inverter: pool; 40 documents, 1 queries, at most 16 known pairs")
        .contains("| none ", "| int8 ", "| truncate:4 ", "| rotation ")
        .doesNotContain("secret is");
    JsonNode root = new ObjectMapper().readTree(json.toFile());
    assertThat(root.get("rows")).hasSize(4);
    assertThat(root.at("/rows/0/ndcg10/value").doubleValue()).isOne();
    assertThat(json).content().doesNotContain("secret is");
  }

  @Test
  void trainsOnTextsOfAFile() throws IOException {
    Path texts = Files.writeString(folder.resolve("own.txt"), "a text\nanother\na third\n");
    Cli.Run run =
        defence(
            "--defences",
            "noise:1",
            "--sentences",
            2,
            "--pairs",
            4,
            "--train-on",
            texts,
            "--train-steps",
            3);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("trained attacker: 3 texts of own.txt, sha256 ", "4 known ones, in 3 steps");
  }

  @Test
  void measuresTheStandardDefencesAndKeepsVectorsWhereAsked() {
    Path cache = folder.resolve("cache");
    Cli.Run run = defence("--sentences", 1, "--pairs", 2, "--cache", cache);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("| noise:0.01 ", "| pq:1 ", "| truncate:4 ", "| shuffle:signs ");
    assertThat(cache).isDirectoryContaining(file -> file.toString().contains("-documents."));
  }

  @ParameterizedTest
  @CsvSource({
    "--defences,int9,'a defence must be noise:DEVIATION'",
    "--defences,'int8,noise:-1','noise: the deviation must be above 0'",
    "--sentences,0,'--sentences must be at least 1, were 0'",
    "--pairs,100,'--pairs must be a power of two, were 100'",
    "--train-on,none.txt,'none.txt: no such file or directory'",
    "--train-steps,0,'--train-steps must be at least 1, were 0'",
    "--max-embeddings,0,--max-embeddings must be at least 1",
    "--json,none/figures.json,'can''t be written, its folder does not exist'",
  })
  void refusesBadOptionsBeforeModelsAreLoaded(String option, String value, String saying) {
    defence(option, value).saysOneLine(2, saying);
    assertThat(cli.toys.settings).as("models were loaded").isNull();
  }

  @Test
  void refusesWhatIsNoCollection() throws IOException {
    cli.run("eval", "defence").saysOneLine(2, "Missing required option", "--ir");
    Files.delete(folder.resolve("qrels.tsv"));
    defence().saysOneLine(2, "qrels.tsv: no such file or directory");
    assertThat(cli.toys.settings).as("models were loaded").isNull();
    Files.writeString(folder.resolve("qrels.tsv"), "q 3 1\n");
    defence().saysOneLine(2, "qrels.tsv: line 1 is not a query, a document and an integer");
    Files.writeString(folder.resolve("qrels.tsv"), "q\t3\t1\n");
    defence("--defences", "truncate:9").saysOneLine(2, "vectors of dimension 8");
  }

  @Test
  void endsEarlyWhenStopped() {
    cli.cancellation.cancel();
    assertThat(defence("--sentences", 2).status()).isEqualTo(130);
    cli.toys.hook =
        (n, options) -> {
          if (n == 5) {
            options.cancellation().cancel();
          }
        };
    Cli.Run run = defence("--defences", "int8,binary", "--sentences", 2, "--pairs", 2);
    assertThat(run.status()).isEqualTo(130);
    assertThat(run.out()).contains("CANCELLED").doesNotContain("| binary");
  }
}
