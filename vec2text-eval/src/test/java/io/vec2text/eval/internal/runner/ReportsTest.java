package io.vec2text.eval.internal.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vec2text.eval.Chrf;
import io.vec2text.eval.Difference;
import io.vec2text.eval.ExampleEvaluation;
import io.vec2text.eval.Interval;
import io.vec2text.eval.WordEmbedder;
import io.vec2text.eval.internal.report.Disclosure;
import io.vec2text.eval.internal.report.EvaluationReport;
import io.vec2text.eval.internal.report.Markdown;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportsTest {
  private static final Difference DIFFERENCE =
      new Difference(0.25, new Interval(-0.05, 0.5), 0.0125);

  @Test
  void theTableIsAlignedMarkdown() {
    assertThat(
            Markdown.of(
                EvaluationReport.blocks(List.of(ExampleEvaluation.of(true))), Disclosure.REDACTED))
        .isEqualTo(
            """
            - data: wikipedia-dev, sha256 abc123
            - embedder: test/words (32), vectors stored as int8
            - budget: 1000 embeddings, 2.000 s of work a vector, seed 7
            - threads: 2; vec2text 0.1.0

            | inverter | tokens |  n |    exact % [95 %] | token F1 | BLEU | cosine | median | embeddings | s/vector | exact/close/topical/failed | exact right |
            | -------- | ------ | --:| -----------------:| --------:| ----:| ------:| ------:| ----------:| --------:| --------------------------:| -----------:|
            | pool     | 4-8    | 10 | 80.0 [49.0, 94.3] |     95.0 | 91.3 | 0.9877 | 1.0000 |        123 |    0.457 |                    7/2/1/0 |         7/7 |

            exact: equal up to the embedder's normal form, with Wilson's interval. token F1: mean multiset F1 x 100.
            BLEU: of the corpus, on normal forms, nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp.
            exact right: of the verdicts 'exact', how many are.
            words of pool, 4-8: 90, right 90.0 %, stated 91.5 %; calibration error 0.021, AUROC 0.876
            numbers of pool, 4-8: 4, right 75.0 %, stated 80.0 %; calibration error 0.050, AUROC –
            spans of pool, 4-8: 12, right 75.0 %, stated 80.0 %; calibration error 0.060, AUROC 0.800
            """);
  }

  @Test
  void comparisonsShowIntervalsAndPValues() {
    Comparison comparison =
        new Comparison("pool", "beam", DIFFERENCE, DIFFERENCE, DIFFERENCE, DIFFERENCE);
    assertThat(Markdown.of(ComparisonReport.blocks(List.of(comparison)), Disclosure.REDACTED))
        .isEqualTo(
            """
            | inverter | compared with |      exact % [95 %] |      p |     token F1 [95 %] |      p |       BLEU [95 %] |      p |              cosine [95 %] |      p |
            | -------- | ------------- | -------------------:| ------:| -------------------:| ------:| -----------------:| ------:| --------------------------:| ------:|
            | pool     | beam          | +25.0 [-5.0, +50.0] | 0.0125 | +25.0 [-5.0, +50.0] | 0.0125 | +0.3 [-0.1, +0.5] | 0.0125 | +0.2500 [-0.0500, +0.5000] | 0.0125 |

            p: how likely a difference as large would be if there were none, by a paired bootstrap.
            """);
  }

  @Test
  void curvesShowWhatBudgetsBuyAndGainsOverTheFirst() {
    List<CostCurve> curves =
        CostCurve.of(
            List.of(ExampleEvaluation.of(true), ExampleEvaluation.of(true)), new WordEmbedder());
    assertThat(Markdown.of(CostCurveReport.blocks(curves), Disclosure.REDACTED))
        .isEqualTo(
            """
            | inverter | embeddings | s/vector |      exact % [95 %] |       gain [95 %] | token F1 |       gain [95 %] |
            | -------- | ----------:| --------:| -------------------:| -----------------:| --------:| -----------------:|
            | pool     |         64 |    0.100 |     0.0 [0.0, 79.3] |                 – |     40.0 |                 – |
            | pool     |        256 |    0.300 | 100.0 [20.7, 100.0] |                 – |    100.0 |                 – |
            | pool     |       1000 |    0.300 | 100.0 [20.7, 100.0] |                 – |    100.0 |                 – |
            | pool     |         64 |    0.100 |     0.0 [0.0, 79.3] | +0.0 [+0.0, +0.0] |     40.0 | +0.0 [+0.0, +0.0] |
            | pool     |        256 |    0.300 | 100.0 [20.7, 100.0] | +0.0 [+0.0, +0.0] |    100.0 | +0.0 [+0.0, +0.0] |
            | pool     |       1000 |    0.300 | 100.0 [20.7, 100.0] | +0.0 [+0.0, +0.0] |    100.0 | +0.0 [+0.0, +0.0] |
            """);
  }

  @Test
  void aCancelledEvaluationSaysSo() {
    assertThat(
            Markdown.of(
                EvaluationReport.blocks(List.of(ExampleEvaluation.of(false))), Disclosure.REDACTED))
        .contains("CANCELLED");
  }

  @Test
  void jsonHoldsFiguresAndNoText() {
    ObjectNode root =
        new EvalRunner.Results(
                List.of(ExampleEvaluation.of(true)),
                List.of(
                    new Comparison("pool", "beam", DIFFERENCE, DIFFERENCE, DIFFERENCE, DIFFERENCE)),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of())
            .report()
            .figures();
    assertThat(root.toString()).doesNotContain("secret");
    assertThat(root.at("/comparisons/0/baseline").asText()).isEqualTo("beam");
    assertThat(root.at("/comparisons/0/bleu/pValue").asDouble()).isEqualTo(0.0125);
    assertThat(root.at("/chrfSignature").asText()).isEqualTo(Chrf.SIGNATURE);
    JsonNode evaluation = root.get("evaluations").get(0);
    assertThat(evaluation.at("/provenance/dataSha256").asText()).isEqualTo("abc123");
    assertThat(evaluation.at("/provenance/maxSeconds").asDouble()).isEqualTo(2);
    assertThat(evaluation.at("/rows/0/exact/count").asInt()).isEqualTo(8);
    assertThat(evaluation.at("/rows/0/exact/value").asDouble()).isEqualTo(0.8);
    assertThat(evaluation.at("/provenance/storage").asText()).isEqualTo("int8");
    assertThat(evaluation.at("/rows/0/words/calibrationError").asDouble()).isEqualTo(0.0213);
    assertThat(evaluation.at("/rows/0/bleu").asDouble()).isEqualTo(91.25);
    assertThat(evaluation.at("/rows/0/bleuInterval/low").asDouble()).isEqualTo(89);
    assertThat(evaluation.at("/rows/0/chrf").asDouble()).isEqualTo(94.5);
    assertThat(evaluation.at("/rows/0/rougeL").asDouble()).isEqualTo(0.8);
    assertThat(evaluation.at("/rows/0/tokenF1/median").asDouble()).isEqualTo(0.96);
    assertThat(evaluation.at("/items/0/wordEdits").asDouble()).isEqualTo(1.5);
    assertThat(evaluation.at("/rows/0/verdicts/exact").asInt()).isEqualTo(7);
    assertThat(evaluation.at("/items/0/verdict").asText()).isEqualTo("exact");
  }

  @Test
  void descriptionsHoldNoText() {
    assertThat(ExampleEvaluation.of(true).toString()).doesNotContain("secret").contains("exact=1");
    assertThat(ExampleEvaluation.of(true).items().get(0).toString()).doesNotContain("secret");
  }
}
