package io.vec2text.eval;

import com.google.common.primitives.Ints;
import io.vec2text.eval.internal.Words;
import java.util.List;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.commons.text.similarity.SimilarityInput;

/**
 * The least number of insertions, deletions and substitutions that turn one text into another
 * (Levenshtein 1966), from 0 to the length of the longer text.
 */
final class EditDistance {
  private EditDistance() {}

  /** Edits of token ids. */
  static int ofTokens(int[] hypothesis, int[] reference) {
    return of(Ints.asList(hypothesis), Ints.asList(reference));
  }

  /** Edits of words: what stands between white space, case and all. */
  static int ofWords(String hypothesis, String reference) {
    return of(Words.split(hypothesis), Words.split(reference));
  }

  private static <T> int of(List<T> hypothesis, List<T> reference) {
    return LevenshteinDistance.getDefaultInstance()
        .apply(new Sequence<>(hypothesis), new Sequence<>(reference));
  }

  private record Sequence<T>(List<T> elements) implements SimilarityInput<T> {
    @Override
    public T at(int index) {
      return elements.get(index);
    }

    @Override
    public int length() {
      return elements.size();
    }
  }
}
