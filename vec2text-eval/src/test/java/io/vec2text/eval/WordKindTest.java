package io.vec2text.eval;

import static io.vec2text.eval.WordKind.NAME;
import static io.vec2text.eval.WordKind.NUMBER;
import static io.vec2text.eval.WordKind.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class WordKindTest {
  @Test
  void numbersHaveDigitsAndNamesAreNeverWrittenSmall() {
    Function<String, WordKind> kinds =
        WordKind.by(List.of("In May, Rose rose to 2nd place.", "She may win in Oslo."));
    assertThat(List.of("2nd", "1998")).extracting(kinds::apply).containsOnly(NUMBER);
    assertThat(List.of("oslo", "Oslo")).extracting(kinds::apply).containsOnly(NAME);
    // The first word of a text is always capital, and "may" and "rose" are words as well.
    assertThat(List.of("may", "rose", "in", "she", "."))
        .extracting(kinds::apply)
        .containsOnly(OTHER);
  }
}
