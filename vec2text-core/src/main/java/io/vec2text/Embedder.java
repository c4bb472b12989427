package io.vec2text;

import java.util.List;
import java.util.Optional;

/**
 * Turns texts into vectors: the oracle that an inversion compares its guesses with.
 *
 * <p>Implementations serve many threads at once. {@link #close()} is idempotent and waits for calls
 * in flight; a later call throws {@link IllegalStateException}.
 *
 * <p>Bring your own in a few lines:
 *
 * <pre>{@code
 * record ApiEmbedder(EmbeddingSpace space, Client client) implements Embedder {
 *   public float[][] embed(List<String> texts) {
 *     return client.embeddings(texts);
 *   }
 * }
 * }</pre>
 */
public interface Embedder extends AutoCloseable {

  /** The space that this embedder's vectors live in. */
  EmbeddingSpace space();

  /**
   * Embeds a batch of texts.
   *
   * <p>A search that is cancelled ends when this returns: a call that may wait, for a network for
   * example, needs a time limit of its own, or ends when its thread is interrupted.
   *
   * @param texts any number of texts, empty ones included
   * @return one vector of {@code space().dimension()} components per text, in the order of {@code
   *     texts}
   * @throws IllegalStateException if this embedder is closed
   * @throws Vec2TextException if embedding fails
   */
  float[][] embed(List<String> texts);

  /**
   * The form of a text in which the embedder sees it. Two texts of equal normal form have the same
   * vector, so an inversion can recover a text only up to its normal form.
   *
   * @return the normal form; the text itself unless an embedder knows better
   */
  default String normalize(String text) {
    return text;
  }

  /**
   * The tokenization under which {@link #embed} reads texts. A search that edits single tokens
   * needs it and does without such edits where it is missing.
   *
   * @return empty by default
   */
  default Optional<Tokenization> tokenization() {
    return Optional.empty();
  }

  /** Releases what this embedder holds; by default nothing. */
  @Override
  default void close() {}
}
