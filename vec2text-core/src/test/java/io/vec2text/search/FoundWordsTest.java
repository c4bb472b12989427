package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.InversionResult.WordProbability;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FoundWordsTest {
  private static final PredictedWords READ =
      new PredictedWords(
          List.of(
              new WordProbability("moon", 0.9),
              new WordProbability("sea", 0.6),
              new WordProbability("sun", 0.5)),
          120,
          true);

  @Test
  void aWordThatTheClosestTextsHaveIsLikelier() {
    PredictedWords words = FoundWords.judged(READ, Map.of("sun", 0.9, "tide", 0.6));
    assertThat(words.words())
        .extracting(WordProbability::word)
        .containsExactly("sun", "tide", "moon", "sea");
    assertThat(words.words()).allSatisfy(w -> assertThat(w.probability()).isBetween(0.0, 1.0));
    assertThat(words.tokens()).isEqualTo(120);
    assertThat(words.exceedsSupportedLength()).isTrue();
  }

  @Test
  void whatNoTextHasIsLessLikelyThanItWasRead() {
    assertThat(FoundWords.judged(READ, Map.of()).words().get(0).probability()).isLessThan(0.9);
  }
}
