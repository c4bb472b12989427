package io.vec2text;

import java.util.Collections;
import java.util.List;

/**
 * Turns vectors back into text. Everything that does so is an Inverter: a one-shot decoder, the
 * nearest neighbour in a corpus, or the whole search of {@link
 * io.vec2text.search.IterativeInverter}.
 *
 * <p>Implementations serve many threads at once. {@link #close()} is idempotent and waits for calls
 * in flight; a later call throws {@link IllegalStateException}.
 */
public interface Inverter extends AutoCloseable {

  /** The space that vectors must come from. */
  EmbeddingSpace space();

  /**
   * Inverts a batch of vectors.
   *
   * @param vectors vectors of {@code space().dimension()} components; one of another length than 1
   *     is rescaled and its norm noted in the result
   * @return one outcome per vector, in the order of {@code vectors}: a result, or that vector's own
   *     error (null, wrong dimension, NaN, infinity, zero)
   * @throws IllegalStateException if this inverter is closed
   */
  List<Outcome> invertAll(List<float[]> vectors, InversionOptions options);

  /**
   * Inverts a batch of vectors with default options, as {@link #invertAll(List, InversionOptions)}.
   */
  default List<Outcome> invertAll(List<float[]> vectors) {
    return invertAll(vectors, InversionOptions.defaults());
  }

  /**
   * Inverts one vector with default options.
   *
   * @throws IllegalArgumentException if the vector is null, has another dimension than the space,
   *     is zero, or has a component that is not finite
   * @throws IllegalStateException if this inverter is closed
   */
  default InversionResult invert(float[] vector) {
    return invert(vector, InversionOptions.defaults());
  }

  /**
   * Inverts one vector.
   *
   * @throws IllegalArgumentException if the vector is null, has another dimension than the space,
   *     is zero, or has a component that is not finite
   * @throws IllegalStateException if this inverter is closed
   */
  default InversionResult invert(float[] vector, InversionOptions options) {
    return invertAll(Collections.singletonList(vector), options).get(0).orThrow();
  }

  /** Releases what this inverter holds; by default nothing. */
  @Override
  default void close() {}
}
