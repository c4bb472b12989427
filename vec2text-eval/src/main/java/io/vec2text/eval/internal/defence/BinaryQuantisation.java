package io.vec2text.eval.internal.defence;

import io.vec2text.eval.Storage;
import io.vec2text.eval.internal.setup.VectorMatrix;

/** {@link Storage.Binary}. Queries keep their components. */
final class BinaryQuantisation extends Defence {
  BinaryQuantisation() {
    super("binary");
  }

  @Override
  Transform fit(VectorMatrix corpus, long key) {
    return new Storage.Binary()::keep;
  }
}
