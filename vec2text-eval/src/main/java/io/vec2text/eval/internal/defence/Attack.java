package io.vec2text.eval.internal.defence;

import io.vec2text.Vectors;
import java.util.Arrays;

/** What an attacker makes of a stored vector before it is inverted. */
interface Attack {

  /**
   * An estimate of the original vector; its length does not matter.
   *
   * @param stored a stored vector; not changed
   */
  float[] restore(float[] stored);

  /**
   * What it makes of what a store keeps of a vector.
   *
   * @param vector an original of any length; not changed
   */
  default float[] restore(Transform transform, float[] vector) {
    return restore(transform.store(Vectors.unit(vector)));
  }

  /**
   * The attack of an attacker who knows of no defence: takes the vector as it is, with zeros in
   * place of components that are missing.
   *
   * @param dimension of the originals
   */
  static Attack naive(int dimension) {
    return stored -> Arrays.copyOf(stored, dimension);
  }
}
