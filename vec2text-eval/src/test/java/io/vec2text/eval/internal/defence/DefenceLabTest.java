package io.vec2text.eval.internal.defence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.internal.report.Disclosure;
import io.vec2text.eval.internal.report.Markdown;
import io.vec2text.eval.internal.setup.NearestNeighbour;
import io.vec2text.eval.internal.setup.RememberingInverter;
import io.vec2text.testing.ToyEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefenceLabTest {
  @TempDir Path folder;
  private final ToyEmbedder embedder = new ToyEmbedder();
  private final Cancellation cancellation = new Cancellation();
  private final List<String> progress = new ArrayList<>();

  /** Knows all sentences, so that what it finds is wrong only if the vector leads astray. */
  private Inverter inverter;

  private List<String> sentences;

  private DefenceLab lab;

  @BeforeEach
  void open() throws IOException {
    sentences = Toys.writeCollection(folder, 120);
    inverter = knowingAll(embedder);
    lab =
        new DefenceLab(
            this::knowingAll,
            embedder,
            (stage, done, total) -> progress.add(stage + " " + done + "/" + total));
  }

  private Inverter knowingAll(Embedder oracle) {
    return NearestNeighbour.of(sentences, oracle, (stage, done, total) -> {}, new Cancellation());
  }

  @AfterEach
  void close() {
    inverter.close();
  }

  private DefenceOptions.Builder options(String... defences) {
    return DefenceOptions.builder(folder)
        .defences(Stream.of(defences).map(Defence::parse).toList())
        .sentences(10)
        .pairs(128)
        .search("lookup")
        .inversion(InversionOptions.builder().seed(3).cancellation(cancellation).build());
  }

  private DefenceEvaluation run(DefenceOptions options) throws IOException {
    return lab.run(options, soFar -> {});
  }

  @Test
  void measuresWhatEachDefenceCostsAndKeeps() throws IOException {
    DefenceEvaluation evaluation =
        run(options("int8", "noise:2", "rotation", "shuffle:signs").build());
    assertThat(evaluation.complete()).isTrue();
    assertThat(evaluation.documents()).isEqualTo(120);
    assertThat(evaluation.queries()).isEqualTo(12);
    assertThat(evaluation.pairs()).isEqualTo(128);
    assertThat(evaluation.errors()).isZero();
    assertThat(evaluation.provenance().inverter()).isEqualTo("lookup");
    assertThat(evaluation.rows())
        .extracting(DefenceEvaluation.Row::defence)
        .containsExactly("none", "int8", "noise:2.0", "rotation", "shuffle:signs");

    DefenceEvaluation.Row none = evaluation.rows().get(0);
    assertThat(none.naive().rows())
        .extracting(row -> row.bucket() + " " + row.exact())
        .containsExactly("4-16 10/10", "17-32 10/10", "all 20/20");
    assertThat(none.naive().restoredCosine()).isCloseTo(1, within(1e-6));
    assertThat(none.retrieval().recall().mean()).isOne();
    assertThat(none.pairsToBreak()).contains(0);

    DefenceEvaluation.Row int8 = evaluation.rows().get(1);
    assertThat(int8.pairsToBreak()).contains(0);
    assertThat(int8.naive().all().exact().count()).isEqualTo(20);

    DefenceEvaluation.Row noise = evaluation.rows().get(2);
    assertThat(noise.pairsToBreak()).as("nobody finds anything in that").isEmpty();
    assertThat(noise.retrieval().ndcg().mean()).isLessThan(none.retrieval().ndcg().mean() / 2);
    assertThat(noise.expectedCosine().orElseThrow()).isCloseTo(1 / Math.sqrt(257), within(1e-9));
    assertThat(noise.leaks()).extracting(Leakage::pairs).containsExactly(0, 128);

    DefenceEvaluation.Row rotation = evaluation.rows().get(3);
    assertThat(rotation.secret()).isTrue();
    assertThat(rotation.retrieval().ndcg().mean())
        .isCloseTo(none.retrieval().ndcg().mean(), within(1e-9));
    assertThat(rotation.naive().all().exact().count()).isLessThan(5);
    assertThat(rotation.informed().all().exact().count()).isEqualTo(20);
    assertThat(rotation.pairsToBreak().orElseThrow()).isBetween(8, 64);
    assertThat(rotation.leaks()).extracting(Leakage::pairs).isSorted().hasSizeGreaterThan(3);

    DefenceEvaluation.Row shuffle = evaluation.rows().get(4);
    assertThat(shuffle.naive().all().exact().count()).isLessThan(5);
    assertThat(shuffle.pairsToBreak()).contains(1);

    assertThat(evaluation.floor()).hasSize(3);
    assertThat(evaluation.floor().get(2).exact().count()).isZero();
    assertThat(progress)
        .contains("embedding the corpus 120/120", "none, naive 20/20", "rotation, 128 pairs 20/20");
  }

  @Test
  void whoKnowsADefenceRepeatsItOnHisGuesses() throws IOException {
    DefenceEvaluation.Row truncation = run(options("truncate:3").build()).rows().get(1);
    assertThat(truncation.naive().all().exact().count()).isLessThan(18);
    assertThat(truncation.informed().restoredCosine()).isLessThan(0.9);
    assertThat(truncation.informed().all().exact().count()).isEqualTo(20);
  }

  @Test
  void embedsACollectionOnceAndGivesTheSameFiguresAgain() throws IOException {
    DefenceOptions options =
        options("noise:0.1", "pq:16", "binary").cache(folder.resolve("c")).build();
    lab = new DefenceLab(oracle -> inverter, embedder, (stage, done, total) -> {});
    DefenceEvaluation first = run(options);
    long before = embedder.embedded();
    DefenceEvaluation second = run(options);
    assertThat(embedder.embedded() - before).as("only what was recovered").isLessThan(500);
    assertThat(second)
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes(".*[sS]econds")
        .isEqualTo(first);
    try (Stream<Path> files = Files.list(folder.resolve("c"))) {
      assertThat(files).hasSize(4);
    }
  }

  @Test
  void reportsFiguresAndNoText() throws IOException {
    List<Integer> rows = new ArrayList<>();
    DefenceEvaluation evaluation =
        lab.run(options("noise:0.5", "rotation").build(), soFar -> rows.add(soFar.rows().size()));
    assertThat(rows).containsExactly(1, 2);
    String table = Markdown.of(DefenceReports.report(evaluation).blocks(), Disclosure.REDACTED);
    assertThat(table)
        .contains("inverter: lookup; 120 documents, 12 queries, at most 128 known pairs")
        .contains("| none            | naive    |")
        .containsPattern(
            "\\| rotation +\\| naive +\\| .*\\n\\| +\\| informed \\|.* (8|16|32|64) \\|\\n")
        .containsPattern("\\| noise:0\\.5 +\\| naive .*\\(0\\.2425\\)")
        .containsPattern("\\n\\| +\\| informed .* own \\|\\n")
        .containsPattern("\\| random sentence \\| –")
        .contains("NDCG@10 kept")
        .doesNotContain("The ", " cat", "CANCELLED", "failed");
    String json = DefenceReports.report(evaluation).figures().toString();
    assertThat(json).doesNotContain("The ", " cat");
    JsonNode root = new ObjectMapper().readTree(json);
    assertThat(root.get("complete").booleanValue()).isTrue();
    assertThat(root.at("/rows/2/defence").textValue()).isEqualTo("rotation");
    assertThat(root.at("/rows/2/pairsToBreak").intValue())
        .isEqualTo(evaluation.rows().get(2).pairsToBreak().orElseThrow());
    assertThat(root.at("/rows/1").has("pairsToBreak")).isFalse();
    assertThat(root.at("/rows/1/expectedCosine").doubleValue()).isCloseTo(0.2425, within(1e-4));
    assertThat(root.at("/rows/2/leaks/0/rows/0/exact/of").intValue()).isEqualTo(10);
    assertThat(root.at("/rows/0/ndcg10/low").doubleValue()).isPositive();
    assertThat(root.get("curve")).hasSize(3);
    assertThat(root.at("/curve/2/defence").textValue()).isEqualTo("noise:0.5");
    assertThat(root.at("/provenance/seed").intValue()).isEqualTo(3);
  }

  @Test
  void trainsOnTextsOfItsOwnWhereThatTakesNoSecretAndHelps() throws IOException {
    List<EvaluationSet.Entry> texts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      texts.add(new EvaluationSet.Entry("all", "My own text of number " + i + " and more."));
    }
    DefenceEvaluation evaluation =
        run(
            options("int8", "noise:0.2", "rotation")
                .train(EvaluationSet.of("mine", texts), 20)
                .build());
    assertThat(evaluation.training().orElseThrow())
        .startsWith("200 texts of mine, sha256 ")
        .endsWith(" and 128 known ones, in 20 steps");
    assertThat(evaluation.rows())
        .extracting(row -> row.trained().map(Leakage::pairs).orElse(0))
        .containsExactly(0, 0, 328, 0);
    assertThat(progress).contains("noise:0.2, training 20/20", "noise:0.2, trained 20/20");
    String table = Markdown.of(DefenceReports.report(evaluation).blocks(), Disclosure.REDACTED);
    assertThat(table)
        .contains("trained attacker: 200 texts of mine")
        .containsPattern("\\n\\| +\\| trained +\\| .* 328 own \\|\\n")
        .contains("trained: token F1");
    JsonNode root =
        new ObjectMapper().readTree(DefenceReports.report(evaluation).figures().toString());
    assertThat(root.at("/rows/2/trained/pairs").intValue()).isEqualTo(328);
    assertThat(root.get("training").textValue()).contains("mine");
  }

  @Test
  void aCancelledRunKeepsItsFinishedRows() throws IOException {
    DefenceLab stopping =
        new DefenceLab(
            this::knowingAll,
            embedder,
            (stage, done, total) -> {
              if (stage.startsWith("rotation")) {
                cancellation.cancel();
              }
            });
    DefenceEvaluation evaluation =
        stopping.run(options("int8", "rotation", "binary").build(), soFar -> {});
    assertThat(evaluation.complete()).isFalse();
    assertThat(evaluation.rows()).hasSize(2);
    assertThat(Markdown.of(DefenceReports.report(evaluation).blocks(), Disclosure.REDACTED))
        .contains("CANCELLED");
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> run(options("int8").build()));
  }

  @Test
  void checksOptionsBeforeItStarts() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options("int8").pairs(100))
        .withMessage("pairs must be a power of two, were 100");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options("int8").sentences(0))
        .withMessage("sentences must be at least 1, were 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(options("int8", "pq:7").build()))
        .withMessageContaining("pq:7: vectors of dimension 64");
    assertThat(progress).isEmpty();
  }

  @Test
  void bisectionFindsTheLeast() {
    for (int least = 1; least <= 4096; least *= 2) {
      int expected = least;
      assertThat(DefenceMeasurement.fewest(4096, n -> n >= expected)).isEqualTo(least);
    }
    assertThat(DefenceMeasurement.fewest(1, n -> true)).isEqualTo(1);
  }

  @Test
  void eachVectorIsInvertedOnce() {
    List<Integer> batches = new ArrayList<>();
    Inverter counting =
        new Inverter() {
          @Override
          public EmbeddingSpace space() {
            return inverter.space();
          }

          @Override
          public List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
            batches.add(vectors.size());
            return inverter.invertAll(vectors, options);
          }
        };
    Inverter remembering = new RememberingInverter(counting);
    List<float[]> vectors = DefenceTest.vectors(3, 1);
    List<Integer> heard = new ArrayList<>();
    InversionOptions options =
        InversionOptions.builder().listener((i, outcome) -> heard.add(i)).build();
    List<Outcome> first = remembering.invertAll(List.of(vectors.get(0), vectors.get(1)), options);
    List<Outcome> second =
        remembering.invertAll(List.of(vectors.get(1), vectors.get(2), vectors.get(0)), options);
    assertThat(batches).containsExactly(2, 1);
    assertThat(heard).containsExactly(0, 1, 0, 2, 1);
    assertThat(second.get(0).orThrow()).isSameAs(first.get(1).orThrow());
    assertThat(second.get(2).orThrow()).isSameAs(first.get(0).orThrow());
    assertThat(second.get(1).orThrow().text()).isEqualTo(inverter.invert(vectors.get(2)).text());
  }
}
