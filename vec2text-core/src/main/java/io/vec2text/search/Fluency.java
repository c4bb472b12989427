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

  /** The fluency of texts near one: only what is around their changes is looked up. */
  final class Near {
    private final int[] tokens;
    private final double[] sums;

    /** Texts near this one. */
    Near(int[] tokens) {
      this.tokens = tokens;
      sums = new double[tokens.length + 2];
      for (int i = 0; i <= tokens.length; i++) {
        sums[i + 1] = sums[i] + term(tokens, tokens.length, i);
      }
    }

    /**
     * The same as {@link Fluency#of(int[], int)} but for rounding.
     *
     * @param changed begins with the text
     * @param length tokens of the text
     * @param begin how many tokens begin both texts, or fewer
     * @param rest from where on both end in the same tokens, or later
     */
    double of(int[] changed, int length, int begin, int rest) {
      int shift = length - tokens.length;
      // The two terms after the last change still see it.
      int end = Math.min(length, rest + 1);
      double sum = sums[begin] + sums[tokens.length + 1] - sums[end + 1 - shift];
      for (int i = begin; i <= end; i++) {
        sum += term(changed, length, i);
      }
      return worth * sum;
    }
  }

  private float term(int[] tokens, int length, int i) {
    return model.logProbability(
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
