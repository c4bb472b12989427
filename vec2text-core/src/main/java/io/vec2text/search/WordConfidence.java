package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.internal.Alignment;
import io.vec2text.internal.WordsAndMarks;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How likely each word of the best hypothesis stands where the original has it. A search tries to
 * replace, move or do without nearly every word; what the closest text that has another word in its
 * place lost in distance to the target tells how well the vector supports it there. A logistic
 * regression makes a probability of that and of the best hypothesis's own distance.
 */
final class WordConfidence {
  /** Texts that are looked at, closest first. */
  private static final int LOOKED_AT = 600;

  /** Distance that is as good as none: that of the lowest cosine called exact. */
  private static final double MIN_DISTANCE = 2e-3;

  // Fitted on dev; training/EXPERIMENTS.md has how, and how well it holds.
  private static final double INTERCEPT = -0.081;
  private static final double OF_DISTANCE = -0.885;
  private static final double OF_LOSS = 0.633;
  private static final double OF_NUMBER = -0.407;

  private WordConfidence() {}

  /** The words of a text of the pool, in order, with their probabilities. */
  static ImmutableList<WordProbability> of(@Nullable EvaluatedText best, CandidatePool pool) {
    if (best == null) {
      return ImmutableList.of();
    }
    List<String> words = WordsAndMarks.of(best.text());
    double distance = Math.max(MIN_DISTANCE, distance(best));
    double[] without = distancesWithout(words, pool.best(LOOKED_AT));
    ImmutableList.Builder<WordProbability> probabilities = ImmutableList.builder();
    for (int i = 0; i < words.size(); i++) {
      double loss = Math.max(distance, without[i]) / distance - 1;
      double score =
          INTERCEPT
              + OF_DISTANCE * Math.log(distance)
              + OF_LOSS * Math.log(loss + 1e-3)
              + (WordsAndMarks.isNumber(words.get(i)) ? OF_NUMBER : 0);
      probabilities.add(new WordProbability(words.get(i), 1 / (1 + Math.exp(-score))));
    }
    return probabilities.build();
  }

  /**
   * For each word, the distance of the closest text that does not have it in its place; of the last
   * text if all have it.
   *
   * @param texts closest first, at least one
   */
  private static double[] distancesWithout(List<String> words, List<EvaluatedText> texts) {
    double[] distances = new double[words.size()];
    Arrays.fill(distances, Double.NaN);
    int missing = words.size();
    for (EvaluatedText text : texts) {
      boolean[] kept = Alignment.kept(words, WordsAndMarks.of(text.text()));
      for (int i = 0; i < kept.length; i++) {
        if (!kept[i] && Double.isNaN(distances[i])) {
          distances[i] = distance(text);
          missing--;
        }
      }
      if (missing == 0) {
        return distances;
      }
    }
    double last = distance(texts.get(texts.size() - 1));
    return Arrays.stream(distances).map(d -> Double.isNaN(d) ? last : d).toArray();
  }

  /** Distance of a unit vector from the target. */
  private static double distance(EvaluatedText evaluated) {
    return Math.sqrt(Math.max(0, 2 - 2 * evaluated.cosine()));
  }
}
