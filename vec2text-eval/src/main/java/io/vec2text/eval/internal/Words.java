package io.vec2text.eval.internal;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.util.List;

/** Splits text at white space exactly as Python's {@code str.split()} does. */
public final class Words {
  private static final CharMatcher SPACE =
      CharMatcher.anyOf(" \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000")
          .or(CharMatcher.inRange('\t', '\r'))
          .or(CharMatcher.inRange('\u001c', '\u001f'))
          .or(CharMatcher.inRange('\u2000', '\u200a'))
          .precomputed();
  private static final Splitter SPLITTER = Splitter.on(SPACE).omitEmptyStrings();

  private Words() {}

  /** The words, in order; none of them is empty. */
  public static List<String> split(String text) {
    return SPLITTER.splitToList(text);
  }

  /** The text without the white space at its end. */
  public static String stripTrailing(String text) {
    return SPACE.trimTrailingFrom(text);
  }
}
