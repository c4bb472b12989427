package io.vec2text.eval.defence;

import java.util.Arrays;

/** What a thief makes of a stored vector before it is inverted. */
interface Attack {

  /**
   * An estimate of the original vector; its length does not matter.
   *
   * @param stored a stored vector; not changed
   */
  float[] restore(float[] stored);

  /**
   * The attack of a thief who knows of no defence: takes the vector as it is, with zeros in place
   * of components that are missing.
   *
   * @param dimension of the originals
   */
  static Attack naive(int dimension) {
    return stored -> Arrays.copyOf(stored, dimension);
  }
}
