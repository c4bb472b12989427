package io.vec2text.eval.internal.experiments;

import io.vec2text.Cancellation;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.ForwardingCorrector;
import io.vec2text.spi.Hypothesis;
import io.vec2text.spi.TokenEditScorer;
import java.util.List;
import java.util.Optional;

/**
 * A corrector that is not told where its hypotheses lie: each is given the target's own vector for
 * the hypothesis's, so that the difference of the two is zero, as in the ablation of Morris et al.
 * (2023, "no feedback"). It still sees the hypothesis's words.
 *
 * <p>In the paper that corrector was trained so; here it is one that was trained with feedback, and
 * takes a difference of zero to mean that the hypothesis is right already. One trained without may
 * do better.
 */
final class NoFeedbackCorrector extends ForwardingCorrector {
  /**
   * Withholds feedback from a corrector.
   *
   * @param corrector not closed with this; its edits are scored without feedback, too
   */
  NoFeedbackCorrector(Corrector corrector) {
    super(corrector);
  }

  private static List<Request> withhold(List<Request> requests) {
    return requests.stream().map(NoFeedbackCorrector::withhold).toList();
  }

  private static Request withhold(Request request) {
    Hypothesis hypothesis = request.hypothesis();
    return hypothesis == null
        ? request
        : new Request(
            request.target(),
            new Hypothesis(hypothesis.text(), request.target(), 1, hypothesis.tokens()),
            request.seed(),
            List.of());
  }

  @Override
  public List<List<Candidate>> correct(
      List<Request> requests, Decoding decoding, Cancellation cancellation) {
    return delegate().correct(withhold(requests), decoding, cancellation);
  }

  @Override
  public Optional<TokenEditScorer> tokenEditScorer() {
    return delegate()
        .tokenEditScorer()
        .map(
            scorer ->
                (requests, substitutions, insertions) ->
                    scorer.edits(withhold(requests), substitutions, insertions));
  }

  @Override
  public void close() {}
}
