package io.vec2text;

import java.util.List;

/**
 * Reads off a vector, without any search, which words its text most likely holds and how long it
 * is. For a passage longer than an inverter's range that is all that can be had.
 */
public interface BagOfWords {

  /**
   * Reads vectors.
   *
   * @param vectors unit vectors
   * @param words how many of the most probable words to return for each, at least 0
   * @return one reading per vector, in order
   * @throws IllegalArgumentException if {@code words} is negative
   */
  List<Contents> read(List<float[]> vectors, int words);

  /**
   * What a vector says of its text.
   *
   * @param words the most probable words, in falling order of probability
   * @param tokens estimated number of tokens, special ones not counted
   * @param beyondRange whether the text is most likely longer than the inverter can write
   */
  record Contents(List<WordProbability> words, int tokens, boolean beyondRange) {}

  /**
   * A word and how likely the text holds it.
   *
   * @param word a word or, after {@code ##}, the continuation of one
   * @param probability in [0, 1]
   */
  record WordProbability(String word, double probability) {
    /** Without the word, which may be a secret. */
    @Override
    public String toString() {
      return "WordProbability[" + word.length() + " characters, probability=" + probability + "]";
    }
  }
}
