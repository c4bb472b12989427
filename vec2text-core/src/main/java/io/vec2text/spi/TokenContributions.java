package io.vec2text.spi;

import java.util.List;

/**
 * A linear, order-blind model of an embedder: the unit vector of a text with tokens t_1 ... t_n is
 * about {@code c + (w(t_1) + ... + w(t_n)) / n}. It is rough, but costs no embedding. Safe for use
 * by many threads.
 */
public interface TokenContributions {
  /**
   * The contribution w(t) of a token.
   *
   * @param token a token of the embedder's tokenization
   * @return of the space's dimension; zeros for a token without one; the caller's own
   */
  float[] of(int token);

  /**
   * The tokens whose contributions have the largest inner products with a direction, in descending
   * order. Tokens without a contribution are never returned.
   *
   * @param direction of the space's dimension
   * @param n how many tokens at most
   */
  List<Integer> nearest(float[] direction, int n);
}
