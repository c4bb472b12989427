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
  void aSpanIsARunOfWordsThatAreProbablyRight() {
    assertThat(spans(0.9, 0.8, 0.3, 0.7, 0.2, 0.5, 0.6, 0.9))
        .extracting(SpanProbability::from, SpanProbability::end)
        .containsExactly(tuple(0, 2), tuple(5, 8));
  }

  @Test
  void aSpanIsAsSureAsAllOfItsWords() {
    List<SpanProbability> spans = spans(0.9, 0.9, 0, 0.9, 0.6, 0, 0.9, 0.9, 0.9);
    double two = spans.get(0).probability();
    assertThat(two).isBetween(0.8, 0.9);
    assertThat(spans.get(1).probability()).isLessThan(two);
    assertThat(spans.get(2).probability()).isLessThan(two);
    assertThat(spans(1, 1, 1).get(0).probability()).isBetween(0.999, 1.0);
  }

  @Test
  void whatHasNoWordsHasNoSpans() {
    assertThat(spans()).isEmpty();
    assertThat(spans(1)).isEmpty();
  }
}
