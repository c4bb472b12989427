package io.vec2text.bridge;

import com.google.common.collect.Lists;
import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.Vectors;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.ForwardingCorrector;
import io.vec2text.spi.Hypothesis;
import io.vec2text.spi.TokenContributions;
import io.vec2text.spi.TokenEditScorer;
import io.vec2text.spi.VectorStatistics;
import io.vec2text.spi.WordPredictor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Shows the base models a problem of their own space. A hypothesis h is shown with its true vector
 * m(h) there, and as target {@code m(h) + g(t) - g(v(h))}: the map g then errs only in what still
 * separates the hypothesis from the target, and no more where they meet. Without a hypothesis the
 * target is g(t).
 */
final class BridgedCorrector extends ForwardingCorrector {
  private final SpaceBridge bridge;
  private final Embedder base;

  BridgedCorrector(SpaceBridge bridge, Corrector corrector, Embedder base) {
    super(corrector);
    this.bridge = bridge;
    this.base = base;
  }

  @Override
  public EmbeddingSpace space() {
    return bridge.space();
  }

  @Override
  public List<List<Candidate>> correct(
      List<Request> requests, Decoding decoding, Cancellation cancellation) {
    return delegate().correct(mapped(requests), decoding, cancellation);
  }

  @Override
  public Optional<TokenEditScorer> tokenEditScorer() {
    return delegate()
        .tokenEditScorer()
        .map(
            scorer ->
                (requests, substitutions, insertions) ->
                    scorer.edits(mapped(requests), substitutions, insertions));
  }

  @Override
  public Optional<WordPredictor> wordPredictor() {
    return delegate().wordPredictor().map(predictor -> new BridgedPredictor(predictor, bridge));
  }

  private record BridgedPredictor(WordPredictor predictor, SpaceBridge bridge)
      implements WordPredictor {
    @Override
    public List<PredictedWords> predict(List<float[]> vectors, int words) {
      return predictor.predict(Lists.transform(vectors, bridge::toBase), words);
    }
  }

  @Override
  public Optional<TokenContributions> tokenContributions() {
    return bridge.tokenContributions();
  }

  @Override
  public Optional<VectorStatistics> vectorStatistics() {
    return bridge.vectorStatistics();
  }

  private List<Request> mapped(List<Request> requests) {
    List<Hypothesis> hypotheses = new ArrayList<>();
    for (Request r : requests) {
      if (r.hypothesis() != null) {
        hypotheses.add(r.hypothesis());
      }
    }
    float[][] vectors =
        hypotheses.isEmpty()
            ? new float[0][]
            : base.embed(List.copyOf(Lists.transform(hypotheses, Hypothesis::text)));
    List<Request> mapped = new ArrayList<>();
    int at = 0;
    for (Request r : requests) {
      Hypothesis h = r.hypothesis();
      mapped.add(
          h == null
              ? Request.first(bridge.toBase(r.target()), r.seed())
              : mapped(r, h, vectors[at++]));
    }
    return mapped;
  }

  private Request mapped(Request request, Hypothesis h, float[] vector) {
    float[] step =
        Vectors.subtract(bridge.map().apply(request.target()), bridge.map().apply(h.vector()));
    float[] target = bridge.scaled(Vectors.add(vector, step));
    return Request.of(
        target,
        new Hypothesis(h.text(), vector, Vectors.cosine(target, vector), h.tokens()),
        request.seed());
  }

  /** Closes the base models and the base embedder. */
  @Override
  public void close() {
    try (Embedder second = base;
        Corrector first = delegate()) {
      // Both are closed, even if closing one fails.
    }
  }
}
