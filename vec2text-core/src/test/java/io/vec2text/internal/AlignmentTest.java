package io.vec2text.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlignmentTest {
  @ParameterizedTest
  @CsvSource({
    "a b c, a b c, a b c",
    "a b c, a x c, a c",
    "a 7 b 48 c, a 48 b 7 c, a b c",
    "a b, b a, ''",
    "so so good, so good, so good",
    "a b c, b c, b c",
    "b c, a b c, b c",
    "a, '', ''",
    "'', a, ''",
  })
  void wordsStayWhereAsFewAsPossibleChange(String text, String other, String kept) {
    List<String> words = WordsAndMarks.of(text);
    boolean[] stays = Alignment.kept(words, WordsAndMarks.of(other));
    List<String> found = new ArrayList<>();
    for (int i = 0; i < stays.length; i++) {
      if (stays[i]) {
        found.add(words.get(i));
      }
    }
    assertThat(String.join(" ", found)).isEqualTo(kept);
  }
}
