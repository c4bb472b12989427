package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.Hypothesis;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidatePoolTest {
  private final CandidatePool pool = new CandidatePool();

  private Paid add(String text, double cosine) {
    Paid paid =
        new Paid(
            new Hypothesis(text, new float[] {1}, cosine), new float[] {1}, Origin.FIRST_GUESS);
    pool.add(text, paid);
    return paid;
  }

  @Test
  void theClosestIsFirstAndTiesAreOrderedByText() {
    assertThat(pool.best()).isNull();
    Paid c = add("c", 0.5);
    Paid b = add("b", 0.7);
    Paid a = add("a", 0.5);
    assertThat(pool.best()).isSameAs(b);
    assertThat(pool.best(9)).containsExactly(b, a, c);
    assertThat(pool.best(1)).containsExactly(b);
  }

  @Test
  void aFormIsKeptOnce() {
    Paid first = add("a", 0.5);
    add("a", 0.9);
    assertThat(pool.size()).isOne();
    assertThat(pool.find("a")).isSameAs(first);
    assertThat(pool.find("b")).isNull();
  }

  @Test
  void whatIsExpandedStaysTheBest() {
    Paid a = add("a", 0.9);
    Paid b = add("b", 0.8);
    pool.expand(a);
    assertThat(pool.best()).isSameAs(a);
    assertThat(pool.unexpanded(5)).isEqualTo(List.of(b));
    assertThat(pool.isExpanded(a)).isTrue();
    assertThat(pool.isExpanded(b)).isFalse();
  }
}
