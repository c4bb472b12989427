package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class InterleavingTest {
  @Test
  void eachBeginningHoldsTheSamePartOfEveryList() {
    assertThat(Interleaving.of(List.of(List.of(1, 2, 3, 4), List.of(10, 20))))
        .containsExactly(1, 10, 2, 3, 20, 4);
    assertThat(Interleaving.of(List.<List<Integer>>of())).isEmpty();
  }
}
