package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChangeTest {
  private static final int[] TOKENS = {10, 11, 12, 13, 14, 15};

  private static int[] apply(Change change) {
    return change.apply(TOKENS);
  }

  @Test
  void eachKindChangesWhatItSays() {
    assertThat(apply(new Change.Substitution(1, 7))).containsExactly(10, 7, 12, 13, 14, 15);
    assertThat(apply(new Change.Insertion(0, 7))).containsExactly(7, 10, 11, 12, 13, 14, 15);
    assertThat(apply(new Change.Insertion(6, 7))).containsExactly(10, 11, 12, 13, 14, 15, 7);
    assertThat(apply(new Change.Deletion(5))).containsExactly(10, 11, 12, 13, 14);
    assertThat(apply(new Change.Swap(0, 4))).containsExactly(14, 11, 12, 13, 10, 15);
    assertThat(apply(new Change.Move(0, 2, 5))).containsExactly(12, 13, 14, 10, 11, 15);
    assertThat(apply(new Change.Move(3, 6, 1))).containsExactly(10, 13, 14, 15, 11, 12);
    assertThat(apply(new Change.Move(4, 5, 6))).containsExactly(10, 11, 12, 13, 15, 14);
  }
}
