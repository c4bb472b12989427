package io.vec2text.search;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Multiset;
import com.google.common.collect.Sets;
import com.google.common.primitives.Ints;
import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.Tokenization;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which words a text holds that is too long to be found, judged after the search: a word is the
 * likelier, the more of the texts that came closest have it. A logistic regression of that and of
 * what was read off the vector.
 */
final class FoundWords {
  /** Closest texts that are looked at; fewer tell too little. */
  private static final int CLOSEST = 50;

  /** Tokens of a text of which what is found says enough: longer ones were not fitted. */
  private static final int LONGEST = 160;

  // Fitted on dev passages of 64 and 128 tokens; see training/EXPERIMENTS.md.
  private static final double INTERCEPT = -0.69;
  private static final double READ = 0.56;
  private static final double SHARE = 2.23;

  private FoundWords() {}

  /** Judges the words of a target that is done, if its text is too long. */
  static void note(Target target, SearchContext context) {
    PredictedWords read = target.wordsBeyondRange();
    Tokenization tokenization = context.tokenization();
    if (read == null
        || read.words().isEmpty()
        || read.tokens() > LONGEST
        || tokenization == null
        || target.pool().size() < CLOSEST) {
      return;
    }
    List<EvaluatedText> closest = target.pool().best(CLOSEST);
    context.tokenize(closest);
    Multiset<Integer> texts = HashMultiset.create();
    closest.forEach(t -> texts.addAll(ImmutableSet.copyOf(Ints.asList(t.tokens()))));
    Map<String, Double> shares = new HashMap<>();
    for (int token : texts.elementSet()) {
      shares.merge(tokenization.name(token), (double) texts.count(token) / CLOSEST, Math::max);
    }
    target.foundWords(judged(read, shares));
  }

  /**
   * The words that were read, and those of the closest texts, most probable first.
   *
   * @param read at least one word, most probable first
   * @param shares of the closest texts, how many have each word
   */
  static PredictedWords judged(PredictedWords read, Map<String, Double> shares) {
    ReadWords known = new ReadWords(read.words());
    List<WordProbability> words =
        Sets.union(known.words(), shares.keySet()).stream()
            .map(
                word ->
                    new WordProbability(
                        word, probability(known.logOdds(word), shares.getOrDefault(word, 0.0))))
            .sorted(
                Comparator.comparingDouble((WordProbability w) -> -w.probability())
                    .thenComparing(WordProbability::word))
            .toList();
    return new PredictedWords(words, read.tokens(), read.exceedsSupportedLength());
  }

  private static double probability(double logOdds, double share) {
    return 1 / (1 + Math.exp(-INTERCEPT - READ * logOdds - SHARE * share));
  }
}
