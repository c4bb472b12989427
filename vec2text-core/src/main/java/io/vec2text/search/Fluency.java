package io.vec2text.search;

import io.vec2text.spi.LanguageModel;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fluency prior of a search: {@code weight * log p(text)}, added to the cosine. Without it the
 * search accumulates the right words, comes close to the target, and never finds the sentence. In
 * Bayesian terms log p(text) is the log-prior, and the cosine stands for the log-likelihood.
 */
final class Fluency {
  /** Without a language model every token costs about what tokens cost on average. */
  static final LanguageModel UNKNOWN = (beforeLast, last, next) -> -5;

  private final LanguageModel model;
  private final double weight;

  /**
   * A prior.
   *
   * @param model the language model
   * @param weight cosine that one nat of log-probability counts for
   */
  Fluency(LanguageModel model, double weight) {
    this.model = model;
    this.weight = weight;
  }

  /** The weighted log-probability of the first {@code length} tokens, end included; at most 0. */
  double of(int[] tokens, int length) {
    double sum = 0;
    for (int i = 0; i <= length; i++) {
      sum += term(tokens, length, i);
    }
    return weight * sum;
  }

  /** The weighted log-probability, given in nats. */
  double weighted(double nats) {
    return weight * nats;
  }

  /** The log-probability of a token after two others, as {@link LanguageModel} has it. */
  float nats(int beforeLast, int last, int next) {
    return model.logProbability(beforeLast, last, next);
  }

  private float term(int[] tokens, int length, int i) {
    return nats(
        i < 2 ? LanguageModel.BEGIN : tokens[i - 2],
        i < 1 ? LanguageModel.BEGIN : tokens[i - 1],
        i < length ? tokens[i] : LanguageModel.END);
  }

  /** Texts by cosine and fluency, the best first; of one whose tokens are not known by cosine. */
  List<EvaluatedText> bestFirst(List<EvaluatedText> texts) {
    Map<EvaluatedText, Double> values = new HashMap<>();
    for (EvaluatedText p : texts) {
      values.put(p, p.cosine() + (p.hasTokens() ? of(p.tokens(), p.tokens().length) : 0));
    }
    return texts.stream()
        .sorted(
            Comparator.comparingDouble((EvaluatedText p) -> -values.getOrDefault(p, 0.0))
                .thenComparing(EvaluatedText.CLOSEST_FIRST))
        .toList();
  }
}
