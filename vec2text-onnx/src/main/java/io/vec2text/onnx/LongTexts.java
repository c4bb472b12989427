package io.vec2text.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.CharMatcher;

/**
 * Cuts texts of which only the first tokens count, before they are tokenized: that takes minutes
 * for a word of 20 MB.
 *
 * <p>Of BERT's tokenizers, which split at white space and make one unknown token of a word that is
 * too long, it is known what a cut changes: nothing before the space at which a text is cut, and
 * nothing in a word that stays too long. Texts for other tokenizers stay whole.
 *
 * @param longest letters of the longest word that is not unknown; 0 for other tokenizers
 */
record LongTexts(int longest) {
  /** Characters from which a text is cut; a hundred times what the usual token limits read. */
  static final int BEGIN = 1 << 15;

  /** Letters that no normalisation splits or drops: of European alphabets, below this one. */
  private static final char OTHER_LETTERS = '\u0600';

  /** What is known of a tokenizer. */
  static LongTexts of(JsonNode tokenizer) {
    boolean bert =
        tokenizer.path("model").path("type").asText().equals("WordPiece")
            && tokenizer.path("normalizer").path("type").asText().equals("BertNormalizer")
            && tokenizer.path("pre_tokenizer").path("type").asText().equals("BertPreTokenizer");
    for (JsonNode added : tokenizer.path("added_tokens")) {
      bert &=
          !added.path("lstrip").asBoolean()
              && !added.path("rstrip").asBoolean()
              && isMarked(added.path("content").asText());
    }
    return new LongTexts(
        bert ? tokenizer.path("model").path("max_input_chars_per_word").asInt() : 0);
  }

  /** Whether an added token can't be part of a word of letters, as {@code [MASK]}. */
  private static boolean isMarked(String token) {
    return token.length() < 100
        && !token.chars().allMatch(Character::isLetterOrDigit)
        && CharMatcher.whitespace().matchesNoneOf(token);
  }

  /** The begin of a text. */
  String begin(String text) {
    return begin(text, BEGIN);
  }

  /** The first {@code most} characters or so of a text, to a space; long words are shortened. */
  String begin(String text, int most) {
    if (!isCut(text, BEGIN)) {
      return text;
    }
    StringBuilder begin = new StringBuilder();
    int letters = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      letters = c < OTHER_LETTERS && Character.isLetterOrDigit(c) ? letters + 1 : 0;
      if (c == ' ' && begin.length() >= most) {
        break;
      }
      if (letters <= longest + 1) {
        begin.append(c);
      }
    }
    return begin.toString();
  }

  /** Whether {@link #begin} may leave something out that has tokens of its own. */
  boolean isCut(String text, int most) {
    return longest > 0 && text.length() > most;
  }
}
