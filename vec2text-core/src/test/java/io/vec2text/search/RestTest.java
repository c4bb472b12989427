package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestTest {
  private final Rest rest = new Rest();

  /** The expansions, of the next so many, in which the source is asked. */
  private List<Integer> asked(int expansions, boolean better) {
    List<Integer> asked = new ArrayList<>();
    for (int i = 0; i < expansions; i++) {
      if (rest.over()) {
        asked.add(i);
      }
      rest.settle(better);
    }
    return asked;
  }

  @Test
  void aSourceThatBringsNothingRestsForEverLonger() {
    assertThat(asked(40, false)).containsExactly(0, 2, 5, 10, 19, 28, 37);
  }

  @Test
  void aSourceThatPaysIsAskedEveryTime() {
    asked(3, false);
    assertThat(asked(8, true)).containsExactly(2, 3, 4, 5, 6, 7);
  }
}
