package io.vec2text.eval;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import java.util.List;

/** The runs of n neighbours in a sequence. */
final class Ngrams {
  private Ngrams() {}

  static <T> Multiset<List<T>> of(List<T> sequence, int n) {
    Multiset<List<T>> ngrams = HashMultiset.create();
    for (int i = 0; i + n <= sequence.size(); i++) {
      ngrams.add(sequence.subList(i, i + n));
    }
    return ngrams;
  }
}
