package io.vec2text.eval.internal.defence;

import java.util.Arrays;

/** What a defence does to vectors of length 1 once its key and its code books are fixed. */
interface Transform {

  /** Keeps everything. */
  Transform NONE = vector -> vector;

  /**
   * What an attacker reads of a vector. The same vector is stored the same each time.
   *
   * @param vector of length 1; not changed
   */
  float[] store(float[] vector);

  /**
   * What a search compares stored vectors with, by cosine. A query is not stored, so that nothing
   * is lost of it that need not be.
   *
   * @param vector of length 1; not changed
   * @return a vector of the dimension of the stored ones
   */
  default float[] query(float[] vector) {
    return vector;
  }

  /** A transform that has to be applied to queries, too. */
  static Transform ofBoth(Transform store) {
    return new Transform() {
      @Override
      public float[] store(float[] vector) {
        return store.store(vector);
      }

      @Override
      public float[] query(float[] vector) {
        return store.store(vector);
      }
    };
  }

  /** Applies a function to each component. */
  static Transform ofEach(Component function) {
    return vector -> {
      float[] stored = Arrays.copyOf(vector, vector.length);
      for (int i = 0; i < stored.length; i++) {
        stored[i] = function.store(stored[i]);
      }
      return stored;
    };
  }

  /** A function of a component. */
  interface Component {
    float store(float x);
  }
}
