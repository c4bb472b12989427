package io.vec2text.eval;

import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static java.util.regex.Pattern.UNICODE_CASE;
import static java.util.regex.Pattern.UNICODE_CHARACTER_CLASS;

import com.google.common.collect.ImmutableList;
import io.vec2text.eval.internal.Words;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Splits English as NLTK 3's {@code word_tokenize(text, preserve_line=True)} does: the conventions
 * of the Penn Treebank, by a list of replacements whose order matters.
 */
final class TreebankWords {
  private record Rule(Pattern pattern, String replacement) {}

  // The word boundary of Python's re, for which marks are not part of words but all numbers are.
  private static final String START = "(?<![\\p{L}\\p{N}_])";
  private static final String END = "(?![\\p{L}\\p{N}_])";

  // Taken from NLTK (Apache License 2.0), see NOTICE.
  private static final ImmutableList<Rule> RULES =
      ImmutableList.of(
          // Opening quotes.
          rule("([«“‘„]|`+)", " $1 "),
          rule("\\A\"", "``"),
          rule("(``)", " $1 "),
          rule("([ (\\[{<])(\"|'{2})", "$1 `` "),
          ignoringCase("(?<!\\w)(')(?!(?:re|ve|ll|m|t|s|d|n)\\b)(?=\\w)", "$1 "),
          // Punctuation.
          rule("([^.])(\\.)([\\])}>\"'»”’ ]*+)\\s*$", "$1 $2 $3 "),
          rule("([:,])([^\\d])", " $1 $2"),
          rule("([:,])$", " $1 "),
          rule("(\\.{2,})", " $1 "),
          rule("([;@#$%&])", " $1 "),
          rule("([‒-―])", " $1 "),
          rule("([^.])(\\.)([\\])}>\"']*)\\s*$", "$1 $2$3 "),
          rule("([?!])", " $1 "),
          rule("([^'])' ", "$1 ' "),
          rule("(\\*)", " $1 "),
          rule("([\\]\\[(){}<>])", " $1 "),
          rule("(--)", " $1 "),
          // Closing quotes and endings.
          rule("\\A|\\z", " "),
          rule("([»”’])", " $1 "),
          rule("''|\"", " '' "),
          rule("\\s+", " "),
          rule("([^' ])('[sS]|'[mM]|'[dD]|') ", "$1 $2 "),
          rule("([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", "$1 $2 "),
          // Contractions.
          ignoringCase(START + "(can)(not)" + END, " $1 $2 "),
          ignoringCase(START + "(d)('ye)" + END, " $1 $2 "),
          ignoringCase(START + "(gim)(me)" + END, " $1 $2 "),
          ignoringCase(START + "(gon)(na)" + END, " $1 $2 "),
          ignoringCase(START + "(got)(ta)" + END, " $1 $2 "),
          ignoringCase(START + "(lem)(me)" + END, " $1 $2 "),
          ignoringCase(START + "(more)('n)" + END, " $1 $2 "),
          ignoringCase(START + "(wan)(na)(?=\\s)", " $1 $2 "),
          ignoringCase(" ('t)(is)" + END, " $1 $2 "),
          ignoringCase(" ('t)(was)" + END, " $1 $2 "));

  private TreebankWords() {}

  static List<String> of(String text) {
    String spaced = text;
    for (Rule rule : RULES) {
      spaced = rule.pattern.matcher(spaced).replaceAll(rule.replacement);
    }
    return Words.split(spaced);
  }

  private static Rule rule(String regex, String replacement) {
    return new Rule(
        Pattern.compile(regex, UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES), replacement);
  }

  private static Rule ignoringCase(String regex, String replacement) {
    int flags = UNICODE_CHARACTER_CLASS | CASE_INSENSITIVE | UNICODE_CASE;
    return new Rule(Pattern.compile(regex, flags), replacement);
  }
}
