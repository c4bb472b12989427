package io.vec2text.search;

import com.google.common.primitives.ImmutableIntArray;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/** The most promising of the texts that are new. */
final class BestDrafts {
  private final PriorityQueue<Draft> drafts = new PriorityQueue<>(Draft.PROMISING_FIRST.reversed());
  private final int most;
  private final Set<ImmutableIntArray> seen;

  /**
   * None yet.
   *
   * @param most texts to keep
   * @param seen those that are not new, to which each one kept is added
   */
  BestDrafts(int most, Set<ImmutableIntArray> seen) {
    this.most = most;
    this.seen = seen;
  }

  /** What a text must promise more than to be kept. */
  double least() {
    return drafts.size() < most ? Double.NEGATIVE_INFINITY : drafts.element().promise();
  }

  /** Offers a changed text with a word in its gap, if it has one. */
  void offer(ChangedText text, int word, double promise) {
    if (promise > least()) {
      int[] tokens = text.tokens(word);
      if (seen.add(ImmutableIntArray.copyOf(tokens))) {
        if (drafts.size() == most) {
          drafts.remove();
        }
        drafts.add(new Draft(tokens, text.sums(word), promise));
      }
    }
  }

  /** The texts kept, the most promising first. */
  List<Draft> toList() {
    return drafts.stream().sorted(Draft.PROMISING_FIRST).toList();
  }
}
