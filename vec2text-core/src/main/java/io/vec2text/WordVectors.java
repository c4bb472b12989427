package io.vec2text;

import java.util.List;

/**
 * What each token adds to the vectors of texts, whatever stands around it: a linear model of an
 * embedder, in which a text's unit vector is a constant and the mean of its tokens' vectors. It is
 * a rough one, but costs no embedding. Safe for use by many threads.
 */
public interface WordVectors {
  /**
   * What a token adds.
   *
   * @param token a token of the embedder's tokenization
   * @return of the space's dimension; zeros if nothing is known of the token; the caller's own
   */
  float[] of(int token);

  /**
   * The tokens whose vectors reach furthest in a direction, the furthest first; none of which
   * nothing is known.
   *
   * @param direction of the space's dimension
   * @param most how many tokens at most
   */
  List<Integer> furthest(float[] direction, int most);
}
