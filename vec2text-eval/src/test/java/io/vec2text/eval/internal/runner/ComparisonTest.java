package io.vec2text.eval.internal.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.InversionOptions;
import io.vec2text.Verdict;
import io.vec2text.eval.Evaluation;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.Evaluator;
import io.vec2text.eval.FixedInverter;
import io.vec2text.eval.WordEmbedder;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private final WordEmbedder embedder = new WordEmbedder();
  private final EvaluationSet set =
      EvaluationSet.of(
          "four",
          List.of(
              new EvaluationSet.Entry("short", "The cat sat on the mat"),
              new EvaluationSet.Entry("short", "A dog ran to the gate"),
              new EvaluationSet.Entry("long", "Nobody knows what came of it"),
              new EvaluationSet.Entry("long", "He lived and died in that town")));

  private Evaluation evaluate(String... answers) {
    FixedInverter inverter = new FixedInverter(embedder.space(), List.of(answers), Verdict.CLOSE);
    return new Evaluator(embedder).run("fixed", inverter, set, InversionOptions.defaults());
  }

  @Test
  void comparesEvaluationsOfTheSameTexts() {
    Evaluation half = evaluate("The cat sat on the mat", "A dog ran", "x", "x");
    Evaluation none = evaluate("x", "x", "x", "x");
    Comparison comparison = Comparison.of(half, none, embedder, 3);
    assertThat(comparison.exact().value()).isEqualTo(0.25);
    assertThat(comparison.tokenF1().value())
        .isCloseTo(half.rows().get(2).tokenF1().mean(), within(1e-9));
    assertThat(comparison.bleu().value()).isCloseTo(half.rows().get(2).bleu(), within(1e-9));
    assertThat(comparison.bleu().interval().low()).isNotNegative();
    assertThat(Comparison.of(half, half, embedder, 3).cosine().pValue()).isOne();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Comparison.of(half, evaluate("x", "?"), embedder, 3))
        .withMessage("the evaluations of fixed and fixed are not of the same texts");
  }
}
