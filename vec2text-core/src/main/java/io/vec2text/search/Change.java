package io.vec2text.search;

import java.util.Arrays;

/** A change of a text's tokens. Positions are those of the unchanged text. */
sealed interface Change {

  /**
   * Makes the change.
   *
   * @param tokens the tokens, changed in place; a negative number is a token deleted
   * @param inserted what is put before each token and at the end, negative for nothing
   */
  void make(int[] tokens, int[] inserted);

  /** The tokens after this change. */
  default int[] apply(int[] tokens) {
    int[] changed = tokens.clone();
    int[] inserted = new int[tokens.length + 1];
    Arrays.fill(inserted, -1);
    make(changed, inserted);
    int[] result = new int[changed.length + inserted.length];
    return Arrays.copyOf(result, join(changed, inserted, result));
  }

  /**
   * Writes what a change {@linkplain #make made} of tokens.
   *
   * @param tokens the tokens, a negative number where one was deleted
   * @param inserted what is put before each token and at the end, negative for nothing
   * @param result written from its beginning on
   * @return how many tokens were written
   */
  static int join(int[] tokens, int[] inserted, int[] result) {
    int n = 0;
    for (int p = 0; p < inserted.length; p++) {
      if (inserted[p] >= 0) {
        result[n++] = inserted[p];
      }
      if (p < tokens.length && tokens[p] >= 0) {
        result[n++] = tokens[p];
      }
    }
    return n;
  }

  /** Writes a token at a position. */
  record Substitution(int position, int token) implements Change {
    @Override
    public void make(int[] tokens, int[] inserted) {
      tokens[position] = token;
    }
  }

  /** Puts a token before a position. */
  record Insertion(int position, int token) implements Change {
    @Override
    public void make(int[] tokens, int[] inserted) {
      inserted[position] = token;
    }
  }

  /** Drops the token at a position. */
  record Deletion(int position) implements Change {
    @Override
    public void make(int[] tokens, int[] inserted) {
      tokens[position] = -1;
    }
  }

  /** Exchanges two tokens. */
  record Swap(int first, int second) implements Change {
    @Override
    public void make(int[] tokens, int[] inserted) {
      int t = tokens[first];
      tokens[first] = tokens[second];
      tokens[second] = t;
    }
  }

  /**
   * Moves the span [{@code from}, {@code end}) to the gap before {@code to}, which is outside it.
   */
  record Move(int from, int end, int to) implements Change {
    @Override
    public void make(int[] tokens, int[] inserted) {
      int[] span = Arrays.copyOfRange(tokens, from, end);
      if (to < from) {
        System.arraycopy(tokens, to, tokens, to + span.length, from - to);
        System.arraycopy(span, 0, tokens, to, span.length);
      } else {
        System.arraycopy(tokens, end, tokens, from, to - end);
        System.arraycopy(span, 0, tokens, to - span.length, span.length);
      }
    }
  }
}
