package io.vec2text;

import java.util.List;
import java.util.OptionalInt;

/** Texts to token ids and back, without special tokens. Safe for use by many threads. */
public interface Tokenization {

  /** What a {@linkplain #name name} of a token that continues a word begins with. */
  String CONTINUATION = "##";

  /**
   * Splits texts into tokens.
   *
   * @return the token ids of each text, in the order of {@code texts}, not truncated
   */
  List<int[]> encode(List<String> texts);

  /** The text that a sequence of token ids spells. */
  String decode(int[] tokens);

  /**
   * What a token is called in a list of words: the text that it spells, after {@code ##} where it
   * continues a word and is no word of its own.
   */
  default String name(int token) {
    String text = decode(new int[] {token}).strip();
    if (text.startsWith(CONTINUATION)) {
      return text;
    }
    int[] alone = encode(List.of(text)).get(0);
    return alone.length == 1 && alone[0] == token ? text : CONTINUATION + text;
  }

  /** The token that stands for whatever the vocabulary lacks, if there is one that is known of. */
  default OptionalInt unknown() {
    return OptionalInt.empty();
  }
}
