package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.internal.Alignment;
import io.vec2text.internal.WordsAndMarks;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How likely each word of the best hypothesis stands where the original has it. A search tries to
 * replace, move or do without nearly every word; what the closest text that has another word in its
 * place lost in distance to the target tells how well the vector supports it there. A logistic
 * regression makes a probability of that, of the best hypothesis's own distance and length, and of
 * what was read off the vector before any search, if something was: the words, and how much longer
 * the original is.
 */
final class WordConfidence {
  /** Texts that are looked at, closest first. */
  private static final int LOOKED_AT = 600;

  /** Distance that is as good as none: that of the lowest cosine called exact. */
  private static final double MIN_DISTANCE = 2e-3;

  /** Logarithm of tokens a word: a text of about as many words as its tokens say lacks none. */
  private static final double TOKENS_A_WORD = 0.3;

  // Fitted on dev; training/EXPERIMENTS.md has how, and how well it holds.
  private static final Regression UNREAD =
      new Regression(1.029, -0.697, 0.411, 0.203, -0.451, 0, 0);
  private static final Regression READ =
      new Regression(0.381, -1.229, 0.269, 0.243, -0.691, 0.245, 0.981);

  /**
   * Log-odds, by a word's features.
   *
   * @param read weight of the log-odds that were read off the vector
   * @param lacking weight of how much longer the original is
   */
  private record Regression(
      double intercept,
      double distance,
      double loss,
      double number,
      double length,
      double read,
      double lacking) {
    double probability(
        double distance, double loss, boolean number, int length, double read, double lacking) {
      double score =
          intercept
              + this.distance * Math.log(distance)
              + this.loss * Math.log(loss + 1e-3)
              + (number ? this.number : 0)
              + this.length * Math.log(length)
              + this.read * read
              + this.lacking * lacking;
      return 1 / (1 + Math.exp(-score));
    }
  }

  private WordConfidence() {}

  /**
   * The words of a text of the pool, in order, with their probabilities.
   *
   * @param predicted what was read off the vector, words most probable first; null if nothing was
   */
  static ImmutableList<WordProbability> of(
      @Nullable EvaluatedText best, CandidatePool pool, @Nullable PredictedWords predicted) {
    if (best == null) {
      return ImmutableList.of();
    }
    List<String> words = WordsAndMarks.of(best.text());
    double distance = Math.max(MIN_DISTANCE, distance(best));
    double[] without = distancesWithout(words, pool.best(LOOKED_AT));
    List<WordProbability> read = predicted == null ? ImmutableList.of() : predicted.words();
    ReadWords known = new ReadWords(read);
    Regression regression = read.isEmpty() ? UNREAD : READ;
    double lacking = predicted == null ? 0 : lacking(predicted.tokens(), words.size());
    ImmutableList.Builder<WordProbability> probabilities = ImmutableList.builder();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      double loss = Math.max(distance, without[i]) / distance - 1;
      probabilities.add(
          new WordProbability(
              word,
              regression.probability(
                  distance,
                  loss,
                  WordsAndMarks.isNumber(word),
                  words.size(),
                  known.logOdds(word.toLowerCase(Locale.ROOT)),
                  lacking)));
    }
    return probabilities.build();
  }

  /** How much longer the original is than what was found, 0 to 1. */
  private static double lacking(int tokens, int words) {
    double times = (double) Math.max(1, tokens) / Math.max(1, words);
    return Doubles.constrainToRange(Math.log(times) - TOKENS_A_WORD, 0, 1);
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
