package io.vec2text.eval.defence;

import io.vec2text.eval.internal.VectorMatrix;

/** Only the sign of each component, as ±1/√d. Queries keep their components. */
final class BinaryQuantisation extends Defence {
  BinaryQuantisation() {
    super("binary");
  }

  @Override
  Transform fit(VectorMatrix corpus, long key) {
    float size = (float) (1 / Math.sqrt(corpus.dimension()));
    return Transform.ofEach(x -> x < 0 ? -size : size);
  }
}
