package io.vec2text.spi;

import static java.util.Objects.requireNonNull;

import io.vec2text.Cancellation;
import io.vec2text.EmbeddingSpace;
import java.util.List;
import java.util.Optional;

/**
 * A corrector that forwards all calls to another one, optional abilities included. A decorator
 * extends it and overrides what it changes. {@link #close()} forwards too: one that must not close
 * the other overrides it.
 */
public abstract class ForwardingCorrector implements Corrector {
  private final Corrector delegate;

  /**
   * Forwards to a corrector.
   *
   * @throws NullPointerException if it is null
   */
  protected ForwardingCorrector(Corrector delegate) {
    this.delegate = requireNonNull(delegate, "delegate");
  }

  /** The corrector that calls are forwarded to. */
  protected final Corrector delegate() {
    return delegate;
  }

  @Override
  public EmbeddingSpace space() {
    return delegate.space();
  }

  @Override
  public List<List<Candidate>> correct(
      List<Request> requests, Decoding decoding, Cancellation cancellation) {
    return delegate.correct(requests, decoding, cancellation);
  }

  @Override
  public Optional<TokenEditScorer> tokenEditScorer() {
    return delegate.tokenEditScorer();
  }

  @Override
  public Optional<WordPredictor> wordPredictor() {
    return delegate.wordPredictor();
  }

  @Override
  public Optional<LanguageModel> languageModel() {
    return delegate.languageModel();
  }

  @Override
  public Optional<TokenContributions> tokenContributions() {
    return delegate.tokenContributions();
  }

  @Override
  public Optional<VectorStatistics> vectorStatistics() {
    return delegate.vectorStatistics();
  }

  @Override
  public void close() {
    delegate.close();
  }
}
