package io.vec2text.eval;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.List;

/**
 * Metrics that are not means over pairs: counts are summed over all pairs of a corpus, and the
 * score, in [0, 100], is made of the sums. All methods take as many hypotheses as references, and
 * at least one; anything else is an {@link IllegalArgumentException}.
 */
public enum CorpusMetric {
  /** {@link Bleu#corpus}. */
  BLEU {
    @Override
    long[] counts(String hypothesis, String reference) {
      return Bleu.counts(hypothesis, reference);
    }

    @Override
    double score(long[] counts) {
      return Bleu.score(counts, false);
    }
  },
  /** {@link Chrf#corpus}. */
  CHRF {
    @Override
    long[] counts(String hypothesis, String reference) {
      return Chrf.counts(hypothesis, reference);
    }

    @Override
    double score(long[] counts) {
      return Chrf.score(counts);
    }
  };

  abstract long[] counts(String hypothesis, String reference);

  abstract double score(long[] counts);

  /** The score of a corpus. */
  public double score(List<String> hypotheses, List<String> references) {
    return score(counts(hypotheses, references), Bootstrap.all(references.size()));
  }

  /**
   * The 95 % interval of a corpus's score: the percentile bootstrap interval (Koehn 2004), from
   * 2,000 resamples of its pairs.
   *
   * @param seed seed of the resampling
   */
  public Interval interval(List<String> hypotheses, List<String> references, long seed) {
    List<long[]> counts = counts(hypotheses, references);
    return Interval.ofResamples(
        Bootstrap.resample(counts.size(), seed, drawn -> score(counts, drawn)));
  }

  /**
   * By how much one system's score exceeds another's on the same references.
   *
   * @param hypotheses texts of the system in question
   * @param baseline texts of the system it is compared with
   * @param references the true texts
   * @param seed seed of the resampling
   */
  public Difference difference(
      List<String> hypotheses, List<String> baseline, List<String> references, long seed) {
    List<long[]> counts = counts(hypotheses, references);
    List<long[]> baselineCounts = counts(baseline, references);
    return Difference.of(
        counts.size(), seed, drawn -> score(counts, drawn) - score(baselineCounts, drawn));
  }

  private List<long[]> counts(List<String> hypotheses, List<String> references) {
    checkArgument(
        hypotheses.size() == references.size(),
        "%s hypotheses for %s references",
        hypotheses.size(),
        references.size());
    checkArgument(!hypotheses.isEmpty(), "%s of an empty corpus is not defined", this);
    List<long[]> counts = new ArrayList<>();
    for (int i = 0; i < hypotheses.size(); i++) {
      counts.add(counts(hypotheses.get(i), references.get(i)));
    }
    return counts;
  }

  private double score(List<long[]> counts, int[] drawn) {
    long[] sums = new long[counts.get(0).length];
    for (int i : drawn) {
      long[] summand = counts.get(i);
      for (int k = 0; k < sums.length; k++) {
        sums[k] += summand[k];
      }
    }
    return score(sums);
  }
}
