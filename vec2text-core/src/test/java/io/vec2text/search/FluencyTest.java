package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.spi.Hypothesis;
import io.vec2text.spi.LanguageModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FluencyTest {
  /** Counting up is fluent. */
  private static final LanguageModel COUNTING =
      (beforeLast, last, next) -> next == last + 1 || next == LanguageModel.END ? -1 : -5;

  private static EvaluatedText evaluated(double cosine, int... tokens) {
    EvaluatedText evaluated =
        new EvaluatedText(
            new Hypothesis("text" + cosine, new float[] {1}, cosine),
            new float[] {1},
            Origin.FIRST_GUESS);
    evaluated.tokens(tokens);
    return evaluated;
  }

  @Test
  void itIsTheLogProbabilityOfTheWholeTextTimesItsWorth() {
    List<String> asked = new ArrayList<>();
    Fluency fluency =
        new Fluency(
            (beforeLast, last, next) -> {
              asked.add(beforeLast + " " + last + " " + next);
              return COUNTING.logProbability(beforeLast, last, next);
            },
            0.01);
    assertThat(fluency.of(new int[] {7, 8, 3, 0}, 3)).isCloseTo(-0.12, within(1e-9));
    assertThat(asked).containsExactly("-1 -1 7", "-1 7 8", "7 8 3", "8 3 -2");
    assertThat(fluency.of(new int[] {7, 8, 3}, 3)).isCloseTo(-0.12, within(1e-9));
    assertThat(fluency.of(new int[0], 0)).isCloseTo(-0.01, within(1e-9));
  }

  @Test
  void aTextThatReadsWellComesBeforeACloserOne() {
    EvaluatedText close = evaluated(0.95, 5, 3, 4, 1);
    EvaluatedText fluent = evaluated(0.9, 5, 6, 7, 8);
    assertThat(new Fluency(COUNTING, 0.01).bestFirst(List.of(close, fluent)))
        .containsExactly(fluent, close);
    assertThat(new Fluency(COUNTING, 0.001).bestFirst(List.of(fluent, close)))
        .containsExactly(close, fluent);
  }

  @Test
  void withoutALanguageModelTheShorterOfTwoReadsBetter() {
    Fluency unknown = new Fluency(Fluency.UNKNOWN, 0.01);
    EvaluatedText longer = evaluated(0.91, 5, 3, 4, 5, 3, 4);
    EvaluatedText shorter = evaluated(0.9, 5, 3, 4);
    assertThat(unknown.bestFirst(List.of(longer, shorter))).containsExactly(shorter, longer);
  }

  @Test
  void withoutTokensTheCosineDecides() {
    EvaluatedText far =
        new EvaluatedText(new Hypothesis("a", new float[1], 0.5), new float[1], Origin.CORRECTION);
    EvaluatedText close =
        new EvaluatedText(new Hypothesis("b", new float[1], 0.6), new float[1], Origin.CORRECTION);
    assertThat(new Fluency(COUNTING, 1).bestFirst(List.of(far, close))).containsExactly(close, far);
  }
}
