package io.vec2text.bridge;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Vectors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Texts with their vectors in two spaces, from which a bridge is learned.
 *
 * @param tokens of each text, in the base tokenization
 * @param vectors of each text in the new space, float [n][dimension]
 * @param baseVectors of each text in the base space, float [n][base dimension]
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CalibrationPairs(List<int[]> tokens, float[][] vectors, float[][] baseVectors) {
  /** Pairs below which a map means nothing. */
  public static final int MIN_PAIRS = 200;

  /** Copies the list; checks that there are enough pairs, and as many of everything. */
  public CalibrationPairs {
    tokens = ImmutableList.copyOf(tokens);
    checkArgument(
        tokens.size() >= MIN_PAIRS,
        "a bridge was to be learned from %s different texts, expected at least %s, better 5,000",
        tokens.size(),
        MIN_PAIRS);
    checkArgument(
        vectors.length == tokens.size() && baseVectors.length == tokens.size(),
        "there are %s and %s vectors, expected one for each of %s texts",
        vectors.length,
        baseVectors.length,
        tokens.size());
  }

  /** Pairs. */
  int size() {
    return tokens.size();
  }

  /**
   * Checks every vector.
   *
   * @throws IllegalArgumentException naming the first that is not one of its space
   */
  void check(EmbeddingSpace space, EmbeddingSpace base) {
    for (int i = 0; i < size(); i++) {
      try {
        Vectors.check(vectors[i], space);
        Vectors.check(baseVectors[i], base);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("text " + i + ": " + e.getMessage(), e);
      }
    }
  }

  /** The indices of all pairs in an order that is always the same, and none of the texts'. */
  List<Integer> shuffled() {
    List<Integer> indices = new ArrayList<>(IntStream.range(0, size()).boxed().toList());
    Collections.shuffle(indices, new Random(0));
    return indices;
  }
}
