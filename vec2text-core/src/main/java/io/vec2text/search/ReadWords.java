package io.vec2text.search;

import com.google.common.primitives.Doubles;
import io.vec2text.InversionResult.WordProbability;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Words that were read off a vector. One that was not is taken for the least probable of them. */
final class ReadWords {
  /** The least that a probability is taken for, and one less the most. */
  private static final double MIN = 1e-4;

  private final Map<String, Double> probabilities = new HashMap<>();
  private final double least;

  /**
   * Some words.
   *
   * @param words most probable first; of none nothing is known of any word
   */
  ReadWords(List<WordProbability> words) {
    words.forEach(w -> probabilities.putIfAbsent(w.word(), w.probability()));
    least = words.isEmpty() ? 0.5 : words.get(words.size() - 1).probability();
  }

  /** The words. */
  Set<String> words() {
    return probabilities.keySet();
  }

  /** The log-odds that the text holds a word. */
  double logOdds(String word) {
    double p = Doubles.constrainToRange(probabilities.getOrDefault(word, least), MIN, 1 - MIN);
    return Math.log(p / (1 - p));
  }
}
