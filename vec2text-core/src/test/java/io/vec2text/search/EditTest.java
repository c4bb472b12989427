package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EditTest {
  private static final int[] TOKENS = {10, 11, 12, 13, 14, 15};

  private static int[] apply(Edit change) {
    return change.apply(TOKENS);
  }

  @Test
  void eachKindChangesWhatItSays() {
    assertThat(apply(new Edit.Substitution(1, 7))).containsExactly(10, 7, 12, 13, 14, 15);
    assertThat(apply(new Edit.Insertion(0, 7))).containsExactly(7, 10, 11, 12, 13, 14, 15);
    assertThat(apply(new Edit.Insertion(6, 7))).containsExactly(10, 11, 12, 13, 14, 15, 7);
    assertThat(apply(new Edit.Deletion(5))).containsExactly(10, 11, 12, 13, 14);
    assertThat(apply(new Edit.Swap(0, 4))).containsExactly(14, 11, 12, 13, 10, 15);
    assertThat(apply(new Edit.Move(0, 2, 5))).containsExactly(12, 13, 14, 10, 11, 15);
    assertThat(apply(new Edit.Move(3, 6, 1))).containsExactly(10, 13, 14, 15, 11, 12);
    assertThat(apply(new Edit.Move(4, 5, 6))).containsExactly(10, 11, 12, 13, 15, 14);
  }
}
