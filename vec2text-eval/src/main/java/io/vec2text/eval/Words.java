package io.vec2text.eval;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Splits text into words. */
final class Words {
  private static final CharMatcher SPACE =
      CharMatcher.anyOf(" \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000")
          .or(CharMatcher.inRange('\t', '\r'))
          .or(CharMatcher.inRange('\u001c', '\u001f'))
          .or(CharMatcher.inRange('\u2000', '\u200a'))
          .precomputed();
  private static final Splitter SPLITTER = Splitter.on(SPACE).omitEmptyStrings();

  private static final Pattern WORD_OR_MARK =
      Pattern.compile("[\\p{L}\\p{N}\\p{M}]+|[^\\s\\p{L}\\p{N}\\p{M}]");

  private Words() {}

  /** Runs of letters and digits, and all other characters but white space, each alone. */
  static List<String> andMarks(String text) {
    return WORD_OR_MARK.matcher(text).results().map(MatchResult::group).toList();
  }

  /** At white space, exactly as Python's {@code str.split()} does. */
  static List<String> split(String text) {
    return SPLITTER.splitToList(text);
  }

  static String stripTrailing(String text) {
    return SPACE.trimTrailingFrom(text);
  }
}
