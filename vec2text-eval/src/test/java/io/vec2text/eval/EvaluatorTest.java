package io.vec2text.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
  private final WordEmbedder embedder = new WordEmbedder();
  private final EvaluationSet set =
      EvaluationSet.of(
          "four",
          List.of(
              new EvaluationSet.Entry("short", "The cat sat on the mat"),
              new EvaluationSet.Entry("short", "A dog ran to the gate"),
              new EvaluationSet.Entry("long", "Nobody knows what came of it"),
              new EvaluationSet.Entry("long", "He lived and died in that town")));

  private Evaluation evaluate(Verdict verdict, String... answers) {
    Inverter inverter = new FixedInverter(embedder.space(), List.of(answers), verdict);
    return new Evaluator(embedder, Storage.NumberFormat.FLOAT32, 2, Map.of("model", "none"))
        .run("fixed", inverter, set, InversionOptions.defaults());
  }

  @Test
  void scoresEachBucketAndAllTogether() {
    Evaluation evaluation =
        evaluate(
            Verdict.EXACT,
            "The cat sat on the mat",
            "a dog  ran to the GATE",
            "Nobody knows what came of him",
            "");
    assertThat(evaluation.complete()).isTrue();
    assertThat(evaluation.rows())
        .extracting(Evaluation.Row::bucket)
        .containsExactly("short", "long", "all");

    Evaluation.Row first = evaluation.rows().get(0);
    assertThat(first.exact()).isEqualTo(new Rate(2, 2));
    assertThat(first.exactRaw()).isEqualTo(new Rate(1, 2));
    assertThat(first.tokenF1().mean()).isOne();
    assertThat(first.bleu()).isCloseTo(100, within(1e-9));
    assertThat(first.cosine().mean()).as("not what the inverter claims").isCloseTo(1, within(1e-6));

    Evaluation.Row all = evaluation.rows().get(2);
    assertThat(all.n()).isEqualTo(4);
    assertThat(all.exact()).isEqualTo(new Rate(2, 4));
    assertThat(all.exactVerdicts()).isEqualTo(new Rate(2, 4));
    assertThat(all.verdicts()).containsEntry(Verdict.EXACT, 4).containsEntry(Verdict.CLOSE, 0);
    assertThat(all.tokenF1().mean()).isCloseTo((1 + 1 + 5 / 6.0 + 0) / 4, within(1e-9));
    assertThat(all.embeddings()).isEqualTo(100);
    assertThat(all.seconds()).isCloseTo(0.25, within(1e-9));
    assertThat(all.errors()).isZero();
  }

  @Test
  void aFailedInversionCountsAsAnEmptyText() {
    Evaluation.Row all =
        evaluate(Verdict.CLOSE, "The cat sat on the mat", "!", "!", "x").rows().get(2);
    assertThat(all.errors()).isEqualTo(2);
    assertThat(all.exact()).isEqualTo(new Rate(1, 4));
    assertThat(all.verdicts()).containsEntry(Verdict.CLOSE, 2);
    assertThat(all.exactVerdicts().value()).isEmpty();
    assertThat(all.tokenF1().mean()).isCloseTo(0.25, within(1e-9));
  }

  @Test
  void aCancelledInversionEndsTheEvaluation() {
    Evaluation evaluation = evaluate(Verdict.CLOSE, "one", "two", "three", "?");
    assertThat(evaluation.complete()).isFalse();
    assertThat(evaluation.items())
        .extracting(Evaluation.Item::recovered)
        .containsExactly("one", "two", "three");
    assertThat(evaluate(Verdict.CLOSE, "?").rows()).isEmpty();
  }

  @Test
  void theListenerHearsOfEveryTextInTheOrderOfItems() {
    EvaluationSet dev = EvaluationSet.wikipediaDev().bucket("4-8");
    List<Integer> heard = new ArrayList<>();
    new Evaluator(embedder)
        .run(
            "fixed",
            new FixedInverter(embedder.space(), List.of("x"), Verdict.FAILED),
            dev,
            InversionOptions.builder().listener((i, o) -> heard.add(i)).build());
    assertThat(heard)
        .hasSize(dev.size())
        .isSorted()
        .doesNotHaveDuplicates()
        .last()
        .isEqualTo(dev.size() - 1);
  }

  @Test
  void provenanceSaysWhatMadeIt() {
    Provenance provenance = evaluate(Verdict.CLOSE, "x").provenance();
    assertThat(provenance.inverter()).isEqualTo("fixed");
    assertThat(provenance.data()).isEqualTo("four");
    assertThat(provenance.dataSha256()).isEqualTo(set.sha256());
    assertThat(provenance.maxEmbeddings()).isEqualTo(1000);
    assertThat(provenance.threads()).isEqualTo(2);
    assertThat(provenance.versions()).containsKeys("vec2text", "java", "os", "model");
  }

  @Test
  void anEmbedderWithoutTokensIsScoredByWords() {
    Embedder plain =
        new Embedder() {
          @Override
          public EmbeddingSpace space() {
            return embedder.space();
          }

          @Override
          public float[][] embed(List<String> texts) {
            return embedder.embed(texts);
          }
        };
    Inverter inverter =
        new FixedInverter(plain.space(), List.of("the cat sat on the mat"), Verdict.EXACT);
    Evaluation evaluation =
        new Evaluator(plain)
            .run(
                "fixed",
                inverter,
                EvaluationSet.of("one", set.entries().subList(0, 1)),
                InversionOptions.defaults());
    assertThat(evaluation.rows()).hasSize(1);
    assertThat(evaluation.items().get(0).overlap().f1()).isCloseTo(5 / 6.0, within(1e-9));
    assertThat(evaluation.items().get(0).exact()).isFalse();
  }

  @Test
  void rowsHoldCorpusScoresAndMeansOfPairs() {
    Evaluation evaluation = evaluate(Verdict.CLOSE, "The cat sat on the mat", "A dog", "x", "x");
    Evaluation.Row row = evaluation.rows().get(0);
    assertThat(row.bleuInterval().low()).isLessThan(row.bleu());
    assertThat(row.bleuInterval().high()).isGreaterThan(row.bleu());
    assertThat(row.chrf()).isBetween(50.0, 100.0);
    assertThat(row.scores().rougeL()).isCloseTo((1 + 4 / 8.0) / 2, within(1e-9));
    assertThat(row.scores().wordEdits()).isEqualTo(2);
    assertThat(evaluation.items().get(1).scores().wordEdits()).isEqualTo(4);
  }

  @Test
  void anInverterOfAnotherSpaceIsRefused() {
    Inverter inverter =
        new FixedInverter(EmbeddingSpace.of("other", 32), List.of("x"), Verdict.CLOSE);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Evaluator(embedder).run("x", inverter, set, InversionOptions.defaults()))
        .withMessage("the inverter is for other (32), the embedder of test/words (32)");
  }
}
