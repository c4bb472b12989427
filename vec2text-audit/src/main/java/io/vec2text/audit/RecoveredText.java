package io.vec2text.audit;

import io.vec2text.InversionResult;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.Verdict;
import io.vec2text.internal.WordsAndMarks;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A text that came back, and how sure each part of it is.
 *
 * @param text the text
 * @param words its words and marks, as far as probabilities are known
 */
record RecoveredText(String text, Verdict verdict, List<Word> words) {
  /** What a word of a text counts whose words have no probabilities of their own. */
  private static final double CLOSE = 0.5;

  private static final double TOPICAL = 0.1;

  /** A word, where it stands, and the probability that the original has it there. */
  record Word(int start, int end, double probability) {
    @Override
    public String toString() {
      return "Word[" + start + "-" + end + "]";
    }
  }

  static RecoveredText of(InversionResult result) {
    List<Word> words = new ArrayList<>();
    int from = 0;
    for (WordProbability word : result.words()) {
      int start = result.text().indexOf(word.word(), from);
      if (start >= 0) {
        from = start + word.word().length();
        words.add(new Word(start, from, word.probability()));
      }
    }
    return new RecoveredText(result.text(), result.verdict(), words);
  }

  /**
   * The probability that a part of the text is what the original has there: the product of its
   * words' probabilities, as if these were independent; 1 if the text is exact.
   */
  double probability(int start, int end) {
    if (verdict == Verdict.EXACT) {
      return 1;
    }
    double product = 1;
    boolean any = false;
    for (Word word : words) {
      if (word.start < end && start < word.end) {
        product *= word.probability;
        any = true;
      }
    }
    if (any) {
      return product;
    }
    return verdict == Verdict.CLOSE ? CLOSE : TOPICAL;
  }

  /** A text as an embedder that knows neither case nor accents nor spacing sees it. */
  static String normal(String text) {
    return String.join(
        " ",
        WordsAndMarks.of(
            Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")));
  }

  /** Whether a normal text holds another, as whole words. */
  static boolean holds(String normalText, String normalPart) {
    return (" " + normalText + " ").contains(" " + normalPart + " ");
  }

  /** Without the text. */
  @Override
  public String toString() {
    return "RecoveredText[" + verdict + ", " + text.length() + " characters]";
  }
}
