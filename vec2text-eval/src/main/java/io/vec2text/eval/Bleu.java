package io.vec2text.eval;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import java.util.List;
import java.util.regex.Pattern;

/**
 * BLEU (Papineni et al. 2002) as sacrebleu 2 computes it (Post 2018): one reference,
 * case-sensitive, the {@code 13a} tokenizer, n-grams up to 4, {@code exp} smoothing (the k-th order
 * without a match counts as 1 / 2^k matches). All scores are in [0, 100].
 *
 * <p>With p_n the clipped precision of order n, and h and r the lengths of hypotheses and
 * references in tokens, the score is {@code 100 min(1, exp(1 - r/h)) (p_1 p_2 p_3 p_4)^(1/4)}.
 */
public final class Bleu {
  /** What {@link #corpus} computes, in the manner of sacrebleu's signatures. */
  public static final String SIGNATURE = "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp";

  private static final int ORDERS = 4;
  private static final Pattern SYMBOL = Pattern.compile("([{-~\\[-` -&(-+:-@/])");
  private static final Pattern AFTER_NON_DIGIT = Pattern.compile("([^0-9])([.,])", Pattern.DOTALL);
  private static final Pattern BEFORE_NON_DIGIT = Pattern.compile("([.,])([^0-9])", Pattern.DOTALL);
  private static final Pattern DASH_AFTER_DIGIT = Pattern.compile("([0-9])(-)");

  private Bleu() {}

  /**
   * Corpus BLEU: matches and lengths are summed over all pairs.
   *
   * @param hypotheses recovered texts
   * @param references the true texts, as many
   * @return a score in [0, 100]; 0 if no word matches, or if no hypothesis has 4 tokens
   * @throws IllegalArgumentException if the lists differ in length or are empty
   */
  public static double corpus(List<String> hypotheses, List<String> references) {
    checkArgument(
        hypotheses.size() == references.size(),
        "%s hypotheses for %s references",
        hypotheses.size(),
        references.size());
    checkArgument(!hypotheses.isEmpty(), "BLEU of an empty corpus is not defined");
    Counts counts = new Counts();
    for (int i = 0; i < hypotheses.size(); i++) {
      counts.add(hypotheses.get(i), references.get(i));
    }
    return counts.score(false);
  }

  /**
   * Sentence BLEU, as sacrebleu's {@code sentence_bleu}: orders for which the hypothesis is too
   * short are left out of the mean (effective order).
   *
   * @return a score in [0, 100]
   */
  public static double sentence(String hypothesis, String reference) {
    Counts counts = new Counts();
    counts.add(hypothesis, reference);
    return counts.score(true);
  }

  /**
   * The published variant: corpus BLEU of one pair. Its mean over all pairs is what Morris et al.
   * (2023) report as BLEU. A hypothesis of fewer than 4 tokens scores 0 even if it is exact.
   *
   * @return a score in [0, 100]
   */
  public static double ofOnePair(String hypothesis, String reference) {
    return corpus(List.of(hypothesis), List.of(reference));
  }

  /** The tokens of mteval-v13a. */
  static List<String> tokenize(String text) {
    String s =
        Words.stripTrailing(text).replace("<skipped>", "").replace("-\n", "").replace('\n', ' ');
    if (s.indexOf('&') >= 0) {
      s = s.replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
    }
    s = ' ' + s + ' ';
    s = SYMBOL.matcher(s).replaceAll(" $1 ");
    s = AFTER_NON_DIGIT.matcher(s).replaceAll("$1 $2 ");
    s = BEFORE_NON_DIGIT.matcher(s).replaceAll(" $1 $2");
    s = DASH_AFTER_DIGIT.matcher(s).replaceAll("$1 $2 ");
    return Words.split(s);
  }

  /** What the score is made of, summed over pairs. */
  private static final class Counts {
    private final long[] matches = new long[ORDERS];
    private final long[] totals = new long[ORDERS];
    private long hypothesisLength;
    private long referenceLength;

    void add(String hypothesis, String reference) {
      List<String> h = tokenize(hypothesis);
      List<String> r = tokenize(reference);
      hypothesisLength += h.size();
      referenceLength += r.size();
      for (int n = 1; n <= ORDERS; n++) {
        totals[n - 1] += Math.max(0, h.size() - n + 1);
        Multiset<List<String>> expected = ngrams(r, n);
        for (Multiset.Entry<List<String>> found : ngrams(h, n).entrySet()) {
          matches[n - 1] += Math.min(found.getCount(), expected.count(found.getElement()));
        }
      }
    }

    double score(boolean effectiveOrder) {
      if (matches[0] == 0) {
        return 0;
      }
      double logSum = 0;
      double smoothing = 1;
      int order = 0;
      for (; order < ORDERS && totals[order] > 0; order++) {
        double matched = matches[order];
        if (matched == 0) {
          smoothing *= 2;
          matched = 1 / smoothing;
        }
        logSum += Math.log(matched / totals[order]);
      }
      if (order < ORDERS && !effectiveOrder) {
        return 0;
      }
      double brevity =
          hypothesisLength < referenceLength ? 1 - (double) referenceLength / hypothesisLength : 0;
      return 100 * Math.exp(brevity + logSum / order);
    }

    private static Multiset<List<String>> ngrams(List<String> tokens, int n) {
      Multiset<List<String>> ngrams = HashMultiset.create();
      for (int i = 0; i + n <= tokens.size(); i++) {
        ngrams.add(tokens.subList(i, i + n));
      }
      return ngrams;
    }
  }
}
