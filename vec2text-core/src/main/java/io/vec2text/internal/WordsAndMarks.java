package io.vec2text.internal;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The words and punctuation marks of a text, as results state probabilities for them. */
public final class WordsAndMarks {
  private static final Pattern WORD_OR_MARK =
      Pattern.compile("[\\p{L}\\p{N}\\p{M}]+|[^\\s\\p{L}\\p{N}\\p{M}]");

  private WordsAndMarks() {}

  /** Runs of letters and digits, and all other characters but white space, each alone; in order. */
  public static List<String> of(String text) {
    return WORD_OR_MARK.matcher(text).results().map(MatchResult::group).toList();
  }

  /** Whether a word holds a digit. */
  public static boolean isNumber(String word) {
    return word.codePoints().anyMatch(Character::isDigit);
  }
}
