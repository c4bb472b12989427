package io.vec2text.eval.internal.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Verdict;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.FixedInverter;
import io.vec2text.eval.Rate;
import io.vec2text.eval.Storage;
import io.vec2text.eval.WordEmbedder;
import io.vec2text.eval.internal.report.Disclosure;
import io.vec2text.eval.internal.report.Markdown;
import io.vec2text.eval.internal.setup.PassageCutter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PassageEvaluatorTest {
  private final WordEmbedder embedder = new WordEmbedder();

  @Test
  void passagesAreCutToTheTokenAndReadingsScored() {
    String passage = String.join(" ", Collections.nCopies(60, "one two-three four five"));
    List<InversionResult.WordProbability> words =
        List.of(
            new InversionResult.WordProbability("one", 0.9),
            new InversionResult.WordProbability("##three", 0.8),
            new InversionResult.WordProbability("three", 0.6),
            new InversionResult.WordProbability("##one", 0.5));
    Inverter inverter =
        new FixedInverter(
            embedder.space(),
            List.of("x", "!"),
            Verdict.FAILED,
            Optional.of(new InversionResult.PredictedWords(words, 70, true)));
    PassageEvaluation evaluation =
        new PassageEvaluator(embedder, Storage.NumberFormat.FLOAT32, 1, Map.of())
            .run(
                "fixed",
                inverter,
                EvaluationSet.of(
                    "passages",
                    List.of(
                        new EvaluationSet.Entry("all", passage),
                        new EvaluationSet.Entry("all", passage),
                        new EvaluationSet.Entry("all", "too short"))),
                PassageEvaluator.LENGTHS,
                InversionOptions.defaults());
    assertThat(evaluation.rows())
        .extracting(PassageEvaluation.Row::tokens)
        .as("256 leaves room for special tokens")
        .containsExactly(64, 128, 254);
    PassageEvaluation.Row row = evaluation.rows().get(0);
    assertThat(row.n()).isEqualTo(1);
    assertThat(row.errors()).isEqualTo(1);
    assertThat(row.exactVerdicts()).isEqualTo(new Rate(0, 1));
    assertThat(row.exceedsSupportedLength()).isEqualTo(new Rate(1, 1));
    assertThat(row.lengthError()).contains(6.0);
    assertThat(row.lengthBias()).contains(6.0);
    PassageEvaluation.WordList list = row.words().get(0);
    assertThat(list.top()).isEqualTo(10);
    assertThat(list.occur()).isEqualTo(new Rate(2, 4));
    assertThat(list.stated().orElseThrow()).isCloseTo(0.7, within(1e-9));
    // Of "##three", "four" and "five" the first is named first, then "three", which is wrong.
    assertThat(row.recall().orElseThrow()).isCloseTo(1 / 3.0, within(1e-9));
    assertThat(Markdown.of(PassageReport.blocks(evaluation), Disclosure.REDACTED))
        .contains("|     64 | 1 |            0 |            1 |          6.0 |        +6.0 |")
        .contains("50.0 (70.0)")
        .contains("3 inversions failed");
  }

  @Test
  void cutsStartLaterWhereNoRunFromTheStartFits() {
    PassageCutter cutter = new PassageCutter(embedder.tokenization().orElseThrow());
    assertThat(cutter.cut("a-b c-d e f-g", 3)).contains("c-d e");
    assertThat(cutter.cut("a-b c-d e f-g", 7)).contains("a-b c-d e f-g");
    assertThat(cutter.cut("a-b c-d e f-g", 8)).isEmpty();
  }
}
