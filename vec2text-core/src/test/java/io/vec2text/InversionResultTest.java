package io.vec2text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.vec2text.InversionResult.SpanProbability;
import io.vec2text.InversionResult.WordProbability;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InversionResultTest {
  private static List<SpanProbability> spans(double... words) {
    return InversionResult.builder()
        .words(Arrays.stream(words).mapToObj(p -> new WordProbability("word", p)).toList())
        .build()
        .spans();
  }

  @Test
  void aTextIsPartedAtItsLeastProbableWords() {
    assertThat(spans(0.9, 0.9, 0.1, 0.95, 0.5, 0.9, 0.9))
        .extracting(SpanProbability::from, SpanProbability::end)
        .containsExactly(tuple(0, 2), tuple(3, 7));
    assertThat(spans(0.9, 0.9, 0.1, 0.95, 0.3, 0.9, 0.9))
        .extracting(SpanProbability::from, SpanProbability::end)
        .containsExactly(tuple(0, 2), tuple(5, 7));
  }

  @Test
  void aSpanIsAsSureAsAllOfItsWords() {
    double two = spans(0.9, 0.9).get(0).probability();
    assertThat(two).isBetween(0.75, 0.85);
    assertThat(spans(0.9, 0.6).get(0).probability()).isLessThan(two);
    assertThat(spans(0.9, 0.9, 0.9).get(0).probability()).isBetween(0.5, two);
    assertThat(spans(1, 1, 1).get(0).probability()).isBetween(0.99, 1.0);
  }

  @Test
  void whatHasNoWordsHasNoSpans() {
    assertThat(spans()).isEmpty();
    assertThat(spans(1)).isEmpty();
    assertThat(spans(0, 0, 0)).isEmpty();
  }
}
