package io.vec2text.search;

import com.google.common.primitives.ImmutableIntArray;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/** The most promising of the texts that are new. */
final class BestTexts {
  private final PriorityQueue<ScoredText> drafts =
      new PriorityQueue<>(ScoredText.BEST_FIRST.reversed());
  private final int most;
  private final Set<ImmutableIntArray> seen;

  /**
   * None yet.
   *
   * @param most texts to keep
   * @param seen those that are not new, to which each one kept is added
   */
  BestTexts(int most, Set<ImmutableIntArray> seen) {
    this.most = most;
    this.seen = seen;
  }

  /** What a text must score more than to be kept. */
  double least() {
    return drafts.size() < most ? Double.NEGATIVE_INFINITY : drafts.element().score();
  }

  /** Offers a changed text with a word in its gap, if it has one. */
  void offer(EditEvaluator text, int word, double score) {
    if (score > least()) {
      int[] tokens = text.tokens(word);
      if (seen.add(ImmutableIntArray.copyOf(tokens))) {
        if (drafts.size() == most) {
          drafts.remove();
        }
        drafts.add(new ScoredText(tokens, text.sums(word), score));
      }
    }
  }

  /** The texts kept, the most promising first. */
  List<ScoredText> toList() {
    return drafts.stream().sorted(ScoredText.BEST_FIRST).toList();
  }
}
