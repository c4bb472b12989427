package io.vec2text.search;

import io.vec2text.LanguageModel;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What it is worth, in cosine, that a text reads well: piling up words brings a vector close to a
 * target sooner than any sentence does, and then leads no further. The log-probability of the whole
 * text is the prior of a search whose likelihood is the cosine.
 */
final class Fluency {
  /** Where nobody can tell, a token costs what tokens cost on average: longer is less likely. */
  static final LanguageModel UNKNOWN = (beforeLast, last, next) -> -5;

  private final LanguageModel model;
  private final double worth;

  /**
   * Fluency.
   *
   * @param model the language model
   * @param worth what a nat is worth in cosine
   */
  Fluency(LanguageModel model, double worth) {
    this.model = model;
    this.worth = worth;
  }

  /** What the fluency of the first {@code length} tokens is worth: at most 0. */
  double of(int[] tokens, int length) {
    double sum = 0;
    for (int i = 0; i <= length; i++) {
      sum += term(tokens, length, i);
    }
    return worth * sum;
  }

  /** What a log-probability, in nats, is worth. */
  double worth(double nats) {
    return worth * nats;
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
  List<Paid> bestFirst(List<Paid> texts) {
    Map<Paid, Double> values = new HashMap<>();
    for (Paid p : texts) {
      values.put(p, p.cosine() + (p.hasTokens() ? of(p.tokens(), p.tokens().length) : 0));
    }
    return texts.stream()
        .sorted(
            Comparator.comparingDouble((Paid p) -> -values.getOrDefault(p, 0.0))
                .thenComparing(Paid.CLOSEST_FIRST))
        .toList();
  }
}
