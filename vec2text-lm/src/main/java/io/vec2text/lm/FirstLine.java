package io.vec2text.lm;

import com.google.common.base.CharMatcher;

/** The first line of a language model's answer. */
final class FirstLine {
  private static final CharMatcher AROUND = CharMatcher.whitespace().or(CharMatcher.anyOf("\"'“”"));

  private FirstLine() {}

  /**
   * The first line that is not blank, without quotation marks around it; empty if there is none.
   */
  static String of(String answer) {
    String text = AROUND.trimFrom(answer);
    int end = text.indexOf('\n');
    return AROUND.trimFrom(end < 0 ? text : text.substring(0, end));
  }
}
