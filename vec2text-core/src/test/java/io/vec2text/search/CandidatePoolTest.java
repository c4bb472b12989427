package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.spi.Hypothesis;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidatePoolTest {
  private final CandidatePool pool = new CandidatePool();

  private EvaluatedText add(String text, double cosine) {
    EvaluatedText evaluated =
        new EvaluatedText(
            new Hypothesis(text, new float[] {1}, cosine), new float[] {1}, Origin.FIRST_GUESS);
    pool.add(text, evaluated);
    return evaluated;
  }

  @Test
  void theClosestIsFirstAndTiesAreOrderedByText() {
    assertThat(pool.best()).isNull();
    EvaluatedText c = add("c", 0.5);
    EvaluatedText b = add("b", 0.7);
    EvaluatedText a = add("a", 0.5);
    assertThat(pool.best()).isSameAs(b);
    assertThat(pool.best(9)).containsExactly(b, a, c);
    assertThat(pool.best(1)).containsExactly(b);
  }

  @Test
  void aFormIsKeptOnce() {
    EvaluatedText first = add("a", 0.5);
    add("a", 0.9);
    assertThat(pool.size()).isOne();
    assertThat(pool.find("a")).isSameAs(first);
    assertThat(pool.find("b")).isNull();
  }

  @Test
  void whatIsExpandedStaysTheBest() {
    EvaluatedText a = add("a", 0.9);
    EvaluatedText b = add("b", 0.8);
    pool.expand(a);
    assertThat(pool.best()).isSameAs(a);
    assertThat(pool.unexpanded(5)).isEqualTo(List.of(b));
    assertThat(pool.isExpanded(a)).isTrue();
    assertThat(pool.isExpanded(b)).isFalse();
  }
}
