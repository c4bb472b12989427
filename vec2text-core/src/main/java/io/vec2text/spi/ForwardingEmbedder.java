package io.vec2text.spi;

import static java.util.Objects.requireNonNull;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Tokenization;
import java.util.List;
import java.util.Optional;

/**
 * An embedder that forwards all calls to another one, optional abilities included. A decorator
 * extends it and overrides what it changes. {@link #close()} forwards too: one that must not close
 * the other overrides it.
 */
public abstract class ForwardingEmbedder implements Embedder {
  private final Embedder delegate;

  /**
   * Forwards to an embedder.
   *
   * @throws NullPointerException if it is null
   */
  protected ForwardingEmbedder(Embedder delegate) {
    this.delegate = requireNonNull(delegate, "delegate");
  }

  /** The embedder that calls are forwarded to. */
  protected final Embedder delegate() {
    return delegate;
  }

  @Override
  public EmbeddingSpace space() {
    return delegate.space();
  }

  @Override
  public float[][] embed(List<String> texts) {
    return delegate.embed(texts);
  }

  @Override
  public String normalize(String text) {
    return delegate.normalize(text);
  }

  @Override
  public Optional<Tokenization> tokenization() {
    return delegate.tokenization();
  }

  @Override
  public void close() {
    delegate.close();
  }
}
