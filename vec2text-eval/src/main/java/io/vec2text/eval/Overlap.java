package io.vec2text.eval;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import com.google.common.collect.Multisets;
import com.google.common.primitives.Ints;
import io.vec2text.Embedder;
import io.vec2text.TokenEmbedder;
import java.util.ArrayList;
import java.util.List;

/**
 * How many tokens two texts share, as multisets: a token that occurs m times in one and n times in
 * the other is shared min(m, n) times. (Published tables of vec2text compare <em>sets</em> of words
 * instead, which does not see repetitions.) Two empty texts overlap fully; an empty and another
 * text not at all.
 *
 * @param precision share of the hypothesis's tokens that the reference has, in [0, 1]
 * @param recall share of the reference's tokens that the hypothesis has, in [0, 1]
 * @param f1 the harmonic mean of the two: {@code 2 shared / (|hypothesis| + |reference|)}
 */
public record Overlap(double precision, double recall, double f1) {

  /** Overlap of token ids. */
  public static Overlap ofTokens(int[] hypothesis, int[] reference) {
    return of(Ints.asList(hypothesis), Ints.asList(reference));
  }

  /** Overlap of the words of two texts: what stands between white space, case and all. */
  public static Overlap ofWords(String hypothesis, String reference) {
    return of(Words.split(hypothesis), Words.split(reference));
  }

  /** Overlaps of texts, over the embedder's tokens or, if it can't show them, words. */
  static List<Overlap> of(Embedder embedder, List<String> recovered, List<String> targets) {
    List<Overlap> overlaps = new ArrayList<>();
    if (embedder instanceof TokenEmbedder tokenEmbedder && !targets.isEmpty()) {
      List<int[]> found = tokenEmbedder.tokenization().encode(recovered);
      List<int[]> expected = tokenEmbedder.tokenization().encode(targets);
      for (int i = 0; i < targets.size(); i++) {
        overlaps.add(ofTokens(found.get(i), expected.get(i)));
      }
    } else {
      for (int i = 0; i < targets.size(); i++) {
        overlaps.add(
            ofWords(embedder.normalize(recovered.get(i)), embedder.normalize(targets.get(i))));
      }
    }
    return overlaps;
  }

  private static <T> Overlap of(List<T> hypothesis, List<T> reference) {
    if (hypothesis.isEmpty() || reference.isEmpty()) {
      double all = hypothesis.isEmpty() && reference.isEmpty() ? 1 : 0;
      return new Overlap(all, all, all);
    }
    Multiset<T> h = HashMultiset.create(hypothesis);
    double shared = Multisets.intersection(h, HashMultiset.create(reference)).size();
    return new Overlap(
        shared / hypothesis.size(),
        shared / reference.size(),
        2 * shared / (hypothesis.size() + reference.size()));
  }
}
