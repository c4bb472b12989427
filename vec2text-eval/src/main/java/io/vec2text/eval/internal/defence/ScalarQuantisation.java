package io.vec2text.eval.internal.defence;

import io.vec2text.eval.Storage;
import io.vec2text.eval.internal.setup.VectorMatrix;

/** Components as 8-bit multiples of a step of the vector's own: {@link Storage#INT8}. */
final class ScalarQuantisation extends Defence {
  ScalarQuantisation() {
    super("int8");
  }

  @Override
  Transform fit(VectorMatrix corpus, long key) {
    return Storage.NumberFormat.INT8::keep;
  }
}
