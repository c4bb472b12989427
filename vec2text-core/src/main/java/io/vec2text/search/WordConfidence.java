package io.vec2text.search;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Multiset;
import io.vec2text.BagOfWords.WordProbability;
import io.vec2text.internal.WordsAndMarks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How likely each word of the best hypothesis is right. A search tries to do without nearly every
 * word; what the closest text without a word lost in distance to the target tells how well the
 * vector supports it. A logistic regression makes a probability of that and of the best
 * hypothesis's own distance.
 */
final class WordConfidence {
  /** Texts that are looked at, closest first. */
  private static final int LOOKED_AT = 600;

  /** Distance that is as good as none: that of the lowest cosine called exact. */
  private static final double LEAST_DISTANCE = 2e-3;

  // Fitted on dev; training/EXPERIMENTS.md has how, and how well it holds.
  private static final double INTERCEPT = 3.321;
  private static final double OF_DISTANCE = 0.202;
  private static final double OF_LOSS = 0.973;

  private WordConfidence() {}

  /** The words of a text of the pool, in order, with their probabilities. */
  static ImmutableList<WordProbability> of(@Nullable Paid best, CandidatePool pool) {
    if (best == null) {
      return ImmutableList.of();
    }
    List<Paid> texts = pool.best(LOOKED_AT);
    List<Multiset<String>> bags = texts.stream().map(p -> bag(p.text())).toList();
    double distance = Math.max(LEAST_DISTANCE, distance(best));
    Multiset<String> before = HashMultiset.create();
    ImmutableList.Builder<WordProbability> words = ImmutableList.builder();
    for (String word : WordsAndMarks.of(best.text())) {
      before.add(word);
      int without = 0;
      while (without < texts.size() - 1 && bags.get(without).count(word) >= before.count(word)) {
        without++;
      }
      double loss = Math.max(distance, distance(texts.get(without))) / distance - 1;
      double score = INTERCEPT + OF_DISTANCE * distance + OF_LOSS * Math.log(loss + 1e-3);
      words.add(new WordProbability(word, 1 / (1 + Math.exp(-score))));
    }
    return words.build();
  }

  /** Distance of a unit vector from the target. */
  private static double distance(Paid paid) {
    return Math.sqrt(Math.max(0, 2 - 2 * paid.cosine()));
  }

  private static Multiset<String> bag(String text) {
    return HashMultiset.create(WordsAndMarks.of(text));
  }
}
