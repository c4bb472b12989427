package io.vec2text.eval.internal.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.Cancellation;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.Rate;
import io.vec2text.eval.Storage;
import io.vec2text.eval.WordEmbedder;
import io.vec2text.eval.internal.report.Disclosure;
import io.vec2text.eval.internal.report.Markdown;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NeighboursTest {

  @Test
  void neighboursAreOneEditAwayAndDifferent() {
    List<String> neighbours = Neighbours.of("He was born in 1902 in the town.", 100, new Random(1));
    assertThat(neighbours)
        .hasSize(100)
        .doesNotHaveDuplicates()
        .contains("He was born in 1903 in the town .", "He was born in 1902 in a town .")
        .contains("He were born in 1902 in the town .", "He was born in 1902 in the towns .")
        .contains("was born in 1902 in the town .", "was He born in 1902 in the town .")
        .contains("He was born in 1902 in the town ?", "He was born in 1902 , in the town .");
  }

  @Test
  void aWordAloneHasNeighboursToo() {
    assertThat(Neighbours.of("dogs", 100, new Random(1))).contains("dog", "", "the dogs");
  }

  @Test
  void rightTextsAreExactAndWrongOnesAreNot() {
    EvaluationSet set =
        EvaluationSet.of(
            "two",
            List.of(
                new EvaluationSet.Entry("short", "the king died in May"),
                new EvaluationSet.Entry("long", "nobody knew what came of it in the end")));
    NeighbourCheck check =
        NeighbourCheck.of(
            new WordEmbedder(), set, 1, (stage, done, total) -> {}, new Cancellation());
    assertThat(check.rows()).hasSize(2 * Storage.NumberFormat.values().length);
    NeighbourCheck.Row exact = check.rows().get(0);
    assertThat(exact.bucket()).isEqualTo("short");
    assertThat(exact.right()).isEqualTo(new Rate(1, 1));
    assertThat(exact.wrong().of()).isGreaterThan(30);
    assertThat(exact.lowest()).isGreaterThan(exact.closest());
    assertThat(Markdown.of(NeighbourReport.blocks(check), Disclosure.REDACTED))
        .contains("| short  | float32   |     1 |");
  }
}
