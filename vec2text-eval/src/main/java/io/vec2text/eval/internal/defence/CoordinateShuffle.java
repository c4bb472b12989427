package io.vec2text.eval.internal.defence;

import com.google.common.primitives.Ints;
import io.vec2text.eval.internal.setup.VectorMatrix;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A secret order of the components and, if asked for, secret signs; keeps all cosines. */
final class CoordinateShuffle extends Defence {
  private final boolean signs;

  CoordinateShuffle(boolean signs) {
    super(signs ? "shuffle:signs" : "shuffle");
    this.signs = signs;
  }

  @Override
  public boolean secret() {
    return true;
  }

  @Override
  Transform fit(VectorMatrix corpus, long key) {
    Random random = new Random(key);
    int dimension = corpus.dimension();
    List<Integer> shuffled = Ints.asList(IntStream.range(0, dimension).toArray());
    Collections.shuffle(shuffled, random);
    int[] from = Ints.toArray(shuffled);
    int[] sign = new int[dimension];
    for (int i = 0; i < dimension; i++) {
      sign[i] = signs && random.nextBoolean() ? -1 : 1;
    }
    return Transform.ofBoth(
        vector -> {
          float[] stored = new float[dimension];
          for (int i = 0; i < dimension; i++) {
            stored[i] = sign[i] * vector[from[i]];
          }
          return stored;
        });
  }

  @Override
  Attack attack(KnownPairs pairs) {
    return Assignment.fit(pairs, signs);
  }
}
