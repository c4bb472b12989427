package io.vec2text.eval.internal.defence;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.eval.internal.setup.VectorMatrix;
import java.util.Arrays;

/** Only the first components, of documents and of queries. */
final class Truncation extends Defence {
  private final int kept;

  Truncation(int kept) {
    super("truncate:" + kept);
    checkArgument(kept > 0, "truncate: dimensions must be at least 1, were %s", kept);
    this.kept = kept;
  }

  @Override
  void check(int dimension) {
    require(kept <= dimension, "at most as many", dimension);
  }

  @Override
  Transform fit(VectorMatrix corpus, long key) {
    check(corpus.dimension());
    return Transform.ofBoth(vector -> Arrays.copyOf(vector, kept));
  }
}
