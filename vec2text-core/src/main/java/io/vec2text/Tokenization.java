package io.vec2text;

import java.util.List;
import java.util.OptionalInt;

/** Texts to token ids and back, without special tokens. Safe for use by many threads. */
public interface Tokenization {

  /**
   * Splits texts into tokens.
   *
   * @return the token ids of each text, in the order of {@code texts}, not truncated
   */
  List<int[]> encode(List<String> texts);

  /** The text that a sequence of token ids spells. */
  String decode(int[] tokens);

  /** The token that stands for whatever the vocabulary lacks, if there is one that is known of. */
  default OptionalInt unknown() {
    return OptionalInt.empty();
  }
}
