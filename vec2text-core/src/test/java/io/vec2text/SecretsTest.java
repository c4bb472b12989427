package io.vec2text;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.spi.Corrector;
import io.vec2text.spi.Hypothesis;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What ends up in logs by way of {@code toString} shows no text. */
class SecretsTest {
  private static final String SECRET = "password";

  @Test
  void noTextShows() {
    Hypothesis hypothesis = new Hypothesis(SECRET, new float[] {1}, 0.5);
    List<Object> all =
        List.of(
            hypothesis,
            new Corrector.Candidate(SECRET, -1),
            Corrector.Request.of(new float[] {1}, hypothesis, 0),
            new InversionResult.WordProbability(SECRET, 1),
            new InversionResult.PredictedWords(
                List.of(new InversionResult.WordProbability(SECRET, 1)), 1, false));
    for (Object o : all) {
      assertThat(o.toString()).doesNotContain(SECRET);
    }
    assertThat(hypothesis).hasToString("Hypothesis[8 characters, cosine=0.5]");
  }
}
