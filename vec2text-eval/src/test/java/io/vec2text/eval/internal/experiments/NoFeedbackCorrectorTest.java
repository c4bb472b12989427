package io.vec2text.eval.internal.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.spi.Corrector;
import io.vec2text.spi.VectorStatistics;
import io.vec2text.testing.ToyCorrector;
import io.vec2text.testing.ToyEmbedder;
import java.lang.reflect.Method;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NoFeedbackCorrectorTest {
  @Test
  void keepsEveryAbility() throws ReflectiveOperationException {
    ToyEmbedder embedder = new ToyEmbedder();
    VectorStatistics statistics = embedder.statistics();
    for (Corrector corrector :
        new Corrector[] {
          new ToyCorrector(embedder, statistics),
          new ToyCorrector(embedder, (beforeLast, last, next) -> -1)
        }) {
      Corrector without = new NoFeedbackCorrector(corrector);
      for (Method ability : Corrector.class.getMethods()) {
        if (ability.getReturnType() == Optional.class) {
          assertThat(((Optional<?>) ability.invoke(without)).isPresent())
              .as(ability.getName())
              .isEqualTo(((Optional<?>) ability.invoke(corrector)).isPresent());
        }
      }
      assertThat(without.vectorStatistics()).isEqualTo(corrector.vectorStatistics());
    }
  }
}
