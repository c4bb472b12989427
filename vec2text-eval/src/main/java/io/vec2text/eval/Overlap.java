package io.vec2text.eval;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableMultiset;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Multiset;
import com.google.common.collect.Multisets;
import com.google.common.primitives.Ints;
import io.vec2text.Embedder;
import io.vec2text.Tokenization;
import io.vec2text.eval.internal.Words;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of one text another holds: precision, recall and F1 of its tokens.
 *
 * <p>By default tokens are counted: one that occurs m times in one text and n times in the other is
 * shared min(m, n) times. Two empty texts overlap fully; an empty and another text not at all.
 * Published tables of vec2text compare sets, which do not see repetitions: {@link #ofWordSets}.
 *
 * <p>Names are those of information retrieval, with the hypothesis as what was retrieved. The
 * published evaluation of vec2text has the two the other way round: what it reports as {@code
 * token_set_precision} is {@link #recall} here, and its {@code token_set_recall} is {@link
 * #precision}. F1, its "token F1", is the same under both.
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

  /**
   * Overlap of the sets of two texts' words, which is what Morris et al. (2023) report: words are
   * told apart as NLTK's {@code word_tokenize(text, preserve_line=True)} does, case and all. Unlike
   * the published evaluation this does not cut the text into sentences first, so that a full stop
   * inside it stays with the word before it. An empty text overlaps with none, not even an empty
   * one.
   */
  public static Overlap ofWordSets(String hypothesis, String reference) {
    return of(
        ImmutableMultiset.copyOf(ImmutableSet.copyOf(TreebankWords.of(hypothesis))),
        ImmutableMultiset.copyOf(ImmutableSet.copyOf(TreebankWords.of(reference))));
  }

  /**
   * Overlaps of texts, over the embedder's tokens or, if it can't show them, over the words of
   * their normal forms.
   *
   * @param targets the true texts, in the order of {@code recovered}
   */
  public static List<Overlap> ofTexts(
      Embedder embedder, List<String> recovered, List<String> targets) {
    List<Overlap> overlaps = new ArrayList<>();
    Tokenization tokenization = embedder.tokenization().orElse(null);
    if (tokenization != null && !targets.isEmpty()) {
      List<int[]> found = tokenization.encode(recovered);
      List<int[]> expected = tokenization.encode(targets);
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
    return hypothesis.isEmpty() && reference.isEmpty()
        ? new Overlap(1, 1, 1)
        : of(HashMultiset.create(hypothesis), HashMultiset.create(reference));
  }

  /** Overlap of multisets; 0 if one of them or both are empty. */
  static <T> Overlap of(Multiset<T> hypothesis, Multiset<T> reference) {
    int shared = Multisets.intersection(hypothesis, reference).size();
    return of(shared, hypothesis.size(), reference.size());
  }

  /** Overlap of which the count is known; 0 if one of the two or both are empty. */
  static Overlap of(double shared, int hypothesis, int reference) {
    return new Overlap(
        shared / Math.max(1, hypothesis),
        shared / Math.max(1, reference),
        2 * shared / Math.max(1, hypothesis + reference));
  }
}
