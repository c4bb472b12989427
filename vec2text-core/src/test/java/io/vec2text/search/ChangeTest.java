package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChangeTest {
  private static final int[] TOKENS = {10, 11, 12, 13, 14, 15};

  private static int[] apply(Change... changes) {
    return Change.apply(TOKENS, List.of(changes));
  }

  @Test
  void eachKindChangesWhatItSays() {
    assertThat(apply()).isEqualTo(TOKENS);
    assertThat(apply(new Change.Substitution(1, 7))).containsExactly(10, 7, 12, 13, 14, 15);
    assertThat(apply(new Change.Insertion(0, 7))).containsExactly(7, 10, 11, 12, 13, 14, 15);
    assertThat(apply(new Change.Insertion(6, 7))).containsExactly(10, 11, 12, 13, 14, 15, 7);
    assertThat(apply(new Change.Deletion(5))).containsExactly(10, 11, 12, 13, 14);
    assertThat(apply(new Change.Swap(0, 4))).containsExactly(14, 11, 12, 13, 10, 15);
    assertThat(apply(new Change.Move(0, 2, 5))).containsExactly(12, 13, 14, 10, 11, 15);
    assertThat(apply(new Change.Move(3, 6, 1))).containsExactly(10, 13, 14, 15, 11, 12);
    assertThat(apply(new Change.Move(4, 5, 6))).containsExactly(10, 11, 12, 13, 15, 14);
  }

  @Test
  void changesOfDifferentPlacesCombine() {
    assertThat(
            apply(
                new Change.Deletion(0),
                new Change.Insertion(1, 7),
                new Change.Substitution(1, 8),
                new Change.Swap(2, 4),
                new Change.Insertion(6, 9)))
        .containsExactly(7, 8, 14, 13, 12, 15, 9);
  }

  @Test
  void theirOrderDoesNotMatterUnlessTheyTouchTheSamePlace() {
    int seed = 1;
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      List<Change> changes = new ArrayList<>();
      BitSet touched = new BitSet();
      for (int i = 0; i < 6; i++) {
        Change c = random(random);
        if (!touched.intersects(c.touched())) {
          touched.or(c.touched());
          changes.add(c);
        }
      }
      int[] expected = Change.apply(TOKENS, changes);
      Collections.shuffle(changes, random);
      assertThat(Change.apply(TOKENS, changes))
          .as("seed %s: %s", seed, changes)
          .isEqualTo(expected);
    }
  }

  private static Change random(Random random) {
    int p = random.nextInt(TOKENS.length);
    int q = (p + 1 + random.nextInt(TOKENS.length - 1)) % TOKENS.length;
    return switch (random.nextInt(5)) {
      case 0 -> new Change.Substitution(p, random.nextInt(9));
      case 1 -> new Change.Insertion(random.nextInt(TOKENS.length + 1), random.nextInt(9));
      case 2 -> new Change.Deletion(p);
      case 3 -> new Change.Swap(Math.min(p, q), Math.max(p, q));
      default ->
          p < q
              ? new Change.Move(p, p + 1, q + 1)
              : new Change.Move(p, Math.min(TOKENS.length, p + 2), q);
    };
  }
}
