package io.vec2text.bridge;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.collect.Lists;
import com.google.common.collect.Sets;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Shows the base models a problem of their own space. A hypothesis is shown with its true vector
 * there. As target they see what a {@link LocalMap} makes of it, from the texts that were embedded
 * nearby: it errs less the more of them there are, and the closer they lie. Without a hypothesis
 * the target is its image g(t).
 */
final class BridgedCorrector extends ForwardingCorrector {
  private final SpaceBridge bridge;
  private final Embedder base;

  /** Texts of live searches, by identity: forgotten with their search. */
  private final Cache<Hypothesis, LocalMap.Known> known =
      CacheBuilder.newBuilder().weakKeys().build();

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
    Set<Hypothesis> unknown = Sets.newIdentityHashSet();
    requests.forEach(
        r -> texts(r).filter(h -> known.getIfPresent(h) == null).forEach(unknown::add));
    learn(List.copyOf(unknown));
    return requests.stream().map(this::mapped).toList();
  }

  private void learn(List<Hypothesis> texts) {
    if (!texts.isEmpty()) {
      float[][] vectors = base.embed(Lists.transform(texts, Hypothesis::text));
      for (int i = 0; i < vectors.length; i++) {
        Hypothesis h = texts.get(i);
        float[] residual = Vectors.subtract(vectors[i], bridge.map().apply(h.vector()));
        known.put(h, new LocalMap.Known(h.vector(), vectors[i], residual));
      }
    }
  }

  /** The hypothesis, first, and the texts nearby. */
  @SuppressWarnings("ReferenceEquality") // it may be one of these
  private static Stream<Hypothesis> texts(Request request) {
    Hypothesis h = request.hypothesis();
    return Stream.concat(Stream.ofNullable(h), request.nearby().stream().filter(near -> near != h));
  }

  private Request mapped(Request request) {
    Hypothesis h = request.hypothesis();
    if (h == null) {
      return Request.first(bridge.toBase(request.target()), request.seed());
    }
    List<LocalMap.Known> texts = texts(request).map(known::getIfPresent).toList();
    float[] image = bridge.map().apply(request.target());
    float[] target = bridge.scaled(LocalMap.estimate(image, request.target(), texts));
    float[] vector = texts.get(0).base();
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
