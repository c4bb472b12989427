package io.vec2text.eval.internal.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.vec2text.Cancellation;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.WordEmbedder;
import io.vec2text.eval.internal.setup.NearestNeighbour;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalRunnerTest {
  @TempDir Path directory;
  private final WordEmbedder embedder = new WordEmbedder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<String> progress = new ArrayList<>();
  // Half of what is asked for is in its corpus.
  private final Inverter inverter =
      NearestNeighbour.of(
          EvaluationSet.wikipediaDev().sample(250, 9).texts(),
          embedder,
          (stage, done, total) -> {},
          new Cancellation());
  private final EvalRunner runner =
      new EvalRunner(
          inverter,
          embedder,
          new PrintStream(bytes, true, UTF_8),
          (stage, done, total) -> progress.add(stage + " " + done + "/" + total));

  @AfterEach
  void close() {
    inverter.close();
  }

  private String printed() {
    return bytes.toString(UTF_8);
  }

  private static InversionOptions seed(long seed) {
    return InversionOptions.builder().seed(seed).build();
  }

  @Test
  void runsTheInverterTheFloorsAndThePassages() throws IOException {
    Path corpus =
        Files.write(directory.resolve("train.txt"), EvaluationSet.wikipediaTest().texts());
    EvalRunner.Results results =
        runner.run(
            EvalOptions.builder()
                .limit(4)
                .inversion(seed(2))
                .search("lookup")
                .floors(true)
                .corpus(corpus)
                .examples(1)
                .passages(2)
                .curve(true)
                .build(),
            Map.of("again", inverter));
    assertThat(results.complete()).isTrue();
    assertThat(results.evaluations())
        .extracting(e -> e.provenance().inverter())
        .containsExactly("lookup", "again", "random sentence", "nearest of 1,250");
    assertThat(results.evaluations().get(2).rows().get(3).exact().count()).isZero();
    assertThat(printed())
        .contains("| lookup           | 4-8    |")
        .contains("| nearest of 1,250 | all    |")
        .contains("called exact");
    assertThat(Pattern.compile("target  ").matcher(printed()).results()).hasSize(3);
    assertThat(progress)
        .contains("lookup 12/12", "random sentence 12/12", "embedding the corpus 1250/1250")
        .contains("passages 4/6");
    JsonNode root = results.report().figures();
    assertThat(root.get("evaluations")).hasSize(4);
    assertThat(root.get("curves")).as("what has no traces has no curve").isEmpty();
    assertThat(root.get("comparisons")).as("floors are not compared").hasSize(1);
    assertThat(root.at("/evaluations/0/items")).hasSize(12);
    assertThat(root.at("/passages/rows")).as("none has 254 words").hasSize(2);
  }

  @Test
  void theSameSeedGivesTheSameFigures() throws IOException {
    EvalOptions options = EvalOptions.builder().limit(5).inversion(seed(4)).floors(true).build();
    EvalRunner.Results first = runner.run(options, Map.of());
    EvalRunner.Results second = runner.run(options, Map.of());
    for (int i = 0; i < 2; i++) {
      assertThat(second.evaluations().get(i).items())
          .usingRecursiveComparison()
          .ignoringFields("seconds")
          .isEqualTo(first.evaluations().get(i).items());
    }
  }

  @Test
  void evaluatesTextsOfOnesOwn() throws IOException {
    Path texts = Files.writeString(directory.resolve("mine.txt"), "First text.\nSecond text.\n");
    EvalRunner.Results results = runner.run(EvalOptions.builder().texts(texts).build(), Map.of());
    assertThat(results.evaluations()).hasSize(1);
    assertThat(results.evaluations().get(0).rows()).hasSize(1);
    assertThat(printed()).contains("- data: mine.txt").doesNotContain("First text.");
  }

  @Test
  void cutsPassages() throws IOException {
    EvalRunner.Results results =
        runner.run(EvalOptions.builder().cut(5).limit(3).build(), Map.of());
    assertThat(results.evaluations().get(0).rows().get(0).bucket()).isEqualTo("5");
    assertThat(results.evaluations().get(0).items())
        .hasSize(3)
        .allSatisfy(i -> assertThat(i.target().split(" ")).hasSize(5));
    Path texts = Files.writeString(directory.resolve("short.txt"), "Too short.\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runner.run(EvalOptions.builder().texts(texts).cut(5).build(), Map.of()))
        .withMessage("no text of short.txt has a run of 5 tokens");
  }

  @Test
  void aCancelledRunPrintsWhatItHas() throws IOException {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    EvalRunner.Results results =
        runner.run(
            EvalOptions.builder()
                .floors(true)
                .passages(1)
                .inversion(InversionOptions.builder().cancellation(cancellation).build())
                .build(),
            Map.of());
    assertThat(results.complete()).isFalse();
    assertThat(printed()).contains("CANCELLED");
  }

  @Test
  void optionsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EvalOptions.builder().split("train"))
        .withMessage("split must be dev or test, was \"train\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EvalOptions.builder().limit(-1))
        .withMessage("limit must be at least 0, was -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runner.run(EvalOptions.builder().bucket("1-2").build(), Map.of()))
        .withMessageContaining("4-8, 9-16, 17-32");
  }

  @Test
  void theDemoListsEightSentencesOfAllBuckets() throws IOException {
    EvalOptions options = EvalOptions.builder().inversion(seed(1)).build();
    Evaluation evaluation = runner.demo(options).evaluations().get(0);
    assertThat(evaluation.items()).hasSize(8);
    assertThat(evaluation.items())
        .extracting(Evaluation.Item::bucket)
        .containsExactly("4-8", "4-8", "4-8", "9-16", "9-16", "9-16", "17-32", "17-32");
    String target = evaluation.items().get(0).target();
    assertThat(printed())
        .contains("4-8    target     " + target)
        .containsPattern("       exact, cosine 1\\.000000, same text, 0 embeddings")
        .containsPattern("\\d of 8 recovered exactly, up to what the embedder can see\\.");
    assertThat(EvalRunner.demoSentences(EvaluationSet.wikipediaDev(), 1).texts())
        .isEqualTo(evaluation.items().stream().map(Evaluation.Item::target).toList());
    String test =
        runner
            .demo(EvalOptions.builder().split("test").build())
            .evaluations()
            .get(0)
            .items()
            .get(0)
            .target();
    assertThat(EvaluationSet.wikipediaTest().texts()).contains(test);
  }
}
