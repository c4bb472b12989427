package io.vec2text.spi;

import io.vec2text.InversionResult.PredictedWords;
import java.util.List;

/**
 * Predicts from a vector, without any search, which words its text holds and how long it is. Of a
 * text longer than the inverter can write, that is all that can be recovered.
 */
public interface WordPredictor {

  /**
   * Predicts the words of texts from their vectors.
   *
   * @param vectors unit vectors
   * @param words how many of the most probable words to return for each, at least 0
   * @return one prediction per vector, in order
   * @throws IllegalArgumentException if {@code words} is negative
   */
  List<PredictedWords> predict(List<float[]> vectors, int words);
}
