package io.vec2text.eval.internal.defence;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * Texts that an attacker knows, as vectors that the embedder gives of them and as the store keeps
 * them.
 *
 * @param originals vectors of length 1
 * @param stored the same vectors as they are stored
 */
record KnownPairs(List<float[]> originals, List<float[]> stored) {
  KnownPairs {
    originals = ImmutableList.copyOf(originals);
    stored = ImmutableList.copyOf(stored);
    checkArgument(
        !stored.isEmpty() && originals.size() == stored.size(),
        "%s originals for %s stored vectors",
        originals.size(),
        stored.size());
  }

  /** Vectors of length 1 and what a store makes of them. */
  static KnownPairs of(List<float[]> originals, Transform transform) {
    return new KnownPairs(originals, originals.stream().map(transform::store).toList());
  }

  int size() {
    return stored.size();
  }

  /** The first so many pairs. */
  KnownPairs first(int n) {
    return new KnownPairs(originals.subList(0, n), stored.subList(0, n));
  }

  /** The last so many pairs. */
  KnownPairs last(int n) {
    return new KnownPairs(
        originals.subList(size() - n, size()), stored.subList(size() - n, size()));
  }

  /** The originals, a row each. */
  DMatrixRMaj originalRows() {
    return Linear.rows(originals);
  }

  /** The stored vectors, a row each. */
  DMatrixRMaj storedRows() {
    return Linear.rows(stored);
  }
}
