package io.vec2text.eval;

import com.google.common.collect.Multiset;
import com.google.common.collect.Multisets;
import io.vec2text.eval.internal.Words;
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
  /** sacrebleu's signature of what {@link #corpus} and {@link #ofOnePair} compute. */
  public static final String SIGNATURE = "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp";

  /** sacrebleu's signature of what {@link #sentence} computes. */
  public static final String SENTENCE_SIGNATURE = "nrefs:1|case:mixed|eff:yes|tok:13a|smooth:exp";

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
    return CorpusMetric.BLEU.score(hypotheses, references);
  }

  /**
   * Sentence BLEU, as sacrebleu's {@code sentence_bleu}: orders for which the hypothesis is too
   * short are left out of the mean (effective order).
   *
   * @return a score in [0, 100]
   */
  public static double sentence(String hypothesis, String reference) {
    return score(counts(hypothesis, reference), true);
  }

  /**
   * The published variant: corpus BLEU of one pair. Its mean over all pairs is what Morris et al.
   * (2023) report as BLEU. A hypothesis of fewer than 4 tokens scores 0 even if it is exact.
   *
   * @return a score in [0, 100]
   */
  public static double ofOnePair(String hypothesis, String reference) {
    return score(counts(hypothesis, reference), false);
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

  /** Both lengths in tokens, and for each order n-grams matched and in the hypothesis. */
  static long[] counts(String hypothesis, String reference) {
    List<String> h = tokenize(hypothesis);
    List<String> r = tokenize(reference);
    long[] counts = new long[2 + 2 * ORDERS];
    counts[0] = h.size();
    counts[1] = r.size();
    for (int n = 1; n <= ORDERS; n++) {
      Multiset<List<String>> ngrams = Ngrams.of(h, n);
      counts[2 * n] = Multisets.intersection(ngrams, Ngrams.of(r, n)).size();
      counts[2 * n + 1] = ngrams.size();
    }
    return counts;
  }

  /** The score of {@link #counts}, summed over any number of pairs. */
  static double score(long[] counts, boolean effectiveOrder) {
    if (counts[2] == 0) {
      return 0;
    }
    double logSum = 0;
    double smoothing = 1;
    int order = 0;
    for (; order < ORDERS && counts[2 * order + 3] > 0; order++) {
      double matched = counts[2 * order + 2];
      if (matched == 0) {
        smoothing *= 2;
        matched = 1 / smoothing;
      }
      logSum += Math.log(matched / counts[2 * order + 3]);
    }
    if (order < ORDERS && !effectiveOrder) {
      return 0;
    }
    double brevity = Math.min(0, 1 - (double) counts[1] / counts[0]);
    return 100 * Math.exp(brevity + logSum / order);
  }
}
