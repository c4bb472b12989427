package io.vec2text.eval;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.util.List;
import java.util.Locale;

/**
 * ROUGE (Lin 2004) as the Python package rouge-score 0.1.2 computes it: one reference; words are
 * runs of the letters a to z and digits, in lower case. All scores are in [0, 1], and 0 if one of
 * the texts or both have no such word: a text in another script than Latin has none.
 */
public final class Rouge {
  private static final Splitter SPLITTER =
      Splitter.on(CharMatcher.inRange('a', 'z').or(CharMatcher.inRange('0', '9')).negate())
          .omitEmptyStrings();

  private Rouge() {}

  /**
   * ROUGE-N: overlap of the n-grams of two texts, as multisets.
   *
   * @param n at least 1; ROUGE-1 and ROUGE-2 are usual
   * @throws IllegalArgumentException if {@code n} is below 1
   */
  public static Overlap n(int n, String hypothesis, String reference) {
    checkArgument(n > 0, "n must be at least 1, was %s", n);
    return Overlap.of(Ngrams.of(terms(hypothesis), n), Ngrams.of(terms(reference), n));
  }

  /**
   * ROUGE-L: overlap by the longest common subsequence of two texts, each taken as one sentence.
   */
  public static Overlap longest(String hypothesis, String reference) {
    List<String> h = terms(hypothesis);
    List<String> r = terms(reference);
    return Overlap.of(longestCommonSubsequence(h, r), h.size(), r.size());
  }

  private static List<String> terms(String text) {
    return SPLITTER.splitToStream(text.toLowerCase(Locale.ROOT)).toList();
  }

  private static int longestCommonSubsequence(List<String> a, List<String> b) {
    int[] longest = new int[b.size() + 1];
    for (String word : a) {
      int diagonal = 0;
      for (int j = 1; j < longest.length; j++) {
        int above = longest[j];
        longest[j] = word.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(above, longest[j - 1]);
        diagonal = above;
      }
    }
    return longest[b.size()];
  }
}
