package io.vec2text.eval;

import com.google.common.collect.Multiset;
import com.google.common.collect.Multisets;
import io.vec2text.eval.internal.Words;
import java.util.List;

/**
 * chrF (Popović 2015) as sacrebleu 2 computes it: one reference, case-sensitive, n-grams of up to 6
 * characters (Unicode code points) without white space, no words. All scores are in [0, 100].
 *
 * <p>With P and R the means, over the orders that both texts are long enough for, of the precision
 * and the recall of n-grams, the score is {@code 100 (1 + 2^2) P R / (2^2 P + R)}: recall weighs
 * twice as much as precision.
 */
public final class Chrf {
  /** sacrebleu's signature of what this class computes. */
  public static final String SIGNATURE = "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no";

  private static final int ORDERS = 6;
  private static final double BETA_SQUARED = 4;

  private Chrf() {}

  /**
   * Corpus chrF: n-grams are summed over all pairs.
   *
   * @param hypotheses recovered texts
   * @param references the true texts, as many
   * @return a score in [0, 100]
   * @throws IllegalArgumentException if the lists differ in length or are empty
   */
  public static double corpus(List<String> hypotheses, List<String> references) {
    return CorpusMetric.CHRF.score(hypotheses, references);
  }

  /**
   * chrF of one pair, as sacrebleu's {@code sentence_chrf}.
   *
   * @return a score in [0, 100]; 0 if a text is empty, even if both are
   */
  public static double sentence(String hypothesis, String reference) {
    return score(counts(hypothesis, reference));
  }

  /** For each order, n-grams matched, in the hypothesis and in the reference. */
  static long[] counts(String hypothesis, String reference) {
    List<Integer> h = characters(hypothesis);
    List<Integer> r = characters(reference);
    long[] counts = new long[3 * ORDERS];
    for (int n = 1; n <= ORDERS; n++) {
      Multiset<List<Integer>> found = Ngrams.of(h, n);
      Multiset<List<Integer>> expected = Ngrams.of(r, n);
      int at = 3 * (n - 1);
      counts[at] = Multisets.intersection(found, expected).size();
      // sacrebleu does not hold n-grams against a hypothesis whose reference is too short for any.
      counts[at + 1] = expected.isEmpty() ? 0 : found.size();
      counts[at + 2] = expected.size();
    }
    return counts;
  }

  /** The score of {@link #counts}, summed over any number of pairs. */
  static double score(long[] counts) {
    double precision = 0;
    double recall = 0;
    int orders = 0;
    for (int at = 0; at < counts.length; at += 3) {
      if (counts[at + 1] > 0 && counts[at + 2] > 0) {
        precision += (double) counts[at] / counts[at + 1];
        recall += (double) counts[at] / counts[at + 2];
        orders++;
      }
    }
    if (precision == 0) {
      return 0;
    }
    precision /= orders;
    recall /= orders;
    return 100 * (1 + BETA_SQUARED) * precision * recall / (BETA_SQUARED * precision + recall);
  }

  private static List<Integer> characters(String text) {
    return String.join("", Words.split(text)).codePoints().boxed().toList();
  }
}
