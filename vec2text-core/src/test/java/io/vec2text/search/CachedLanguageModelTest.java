package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.spi.LanguageModel;
import org.junit.jupiter.api.Test;

class CachedLanguageModelTest {
  private int asked;
  private final LanguageModel model =
      (beforeLast, last, next) -> {
        asked++;
        return -(beforeLast * 10_000 + last * 100 + next);
      };
  private final LanguageModel cached = new CachedLanguageModel(model);

  @Test
  void asksOnceForEachThreeTokens() {
    assertThat(cached.logProbability(1, 2, 3)).isEqualTo(-10_203);
    assertThat(cached.logProbability(1, 2, 3)).isEqualTo(-10_203);
    assertThat(asked).isEqualTo(1);
    assertThat(cached.logProbability(LanguageModel.BEGIN, LanguageModel.BEGIN, 3))
        .isEqualTo(model.logProbability(LanguageModel.BEGIN, LanguageModel.BEGIN, 3));
  }

  @Test
  void isRightHoweverMuchItIsAsked() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 60 * 60 * 60; i++) {
        int a = i / 3600;
        int b = i / 60 % 60;
        int c = i % 60;
        assertThat(cached.logProbability(a, b, c)).isEqualTo(-(a * 10_000 + b * 100 + c));
      }
    }
  }
}
