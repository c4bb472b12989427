package io.vec2text.search;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A change of a hypothesis's tokens. Positions are those of the unchanged hypothesis. Changes that
 * touch different places can be made together, in any order.
 */
sealed interface Change {

  /** Where the candidates that it makes come from. */
  Origin origin();

  /** The places it touches: bit 2p + 1 is token p, bit 2p the gap before it. */
  BitSet touched();

  /**
   * Makes the change.
   *
   * @param tokens the tokens, changed in place; a negative number is a token deleted
   * @param inserted what is put before each token and at the end, negative for nothing
   */
  void make(int[] tokens, int[] inserted);

  /** The tokens after changes that touch different places. */
  static int[] apply(int[] tokens, List<Change> changes) {
    int[] changed = tokens.clone();
    int[] inserted = new int[tokens.length + 1];
    Arrays.fill(inserted, -1);
    for (Change c : changes) {
      c.make(changed, inserted);
    }
    int[] result = new int[changed.length + inserted.length];
    return Arrays.copyOf(result, join(changed, inserted, result));
  }

  /**
   * Writes what changes {@linkplain #make made} of tokens.
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

  /** The tokens after this change alone. */
  default int[] apply(int[] tokens) {
    return apply(tokens, List.of(this));
  }

  /** Writes a token at a position. */
  record Substitution(int position, int token) implements Change {
    @Override
    public Origin origin() {
      return Origin.SUBSTITUTION;
    }

    @Override
    public BitSet touched() {
      return bits(2 * position + 1);
    }

    @Override
    public void make(int[] tokens, int[] inserted) {
      tokens[position] = token;
    }
  }

  /** Puts a token before a position. */
  record Insertion(int position, int token) implements Change {
    @Override
    public Origin origin() {
      return Origin.INSERTION;
    }

    @Override
    public BitSet touched() {
      return bits(2 * position);
    }

    @Override
    public void make(int[] tokens, int[] inserted) {
      inserted[position] = token;
    }
  }

  /** Drops the token at a position. */
  record Deletion(int position) implements Change {
    @Override
    public Origin origin() {
      return Origin.DELETION;
    }

    @Override
    public BitSet touched() {
      return bits(2 * position + 1);
    }

    @Override
    public void make(int[] tokens, int[] inserted) {
      tokens[position] = -1;
    }
  }

  /** Exchanges two tokens. */
  record Swap(int first, int second) implements Change {
    @Override
    public Origin origin() {
      return Origin.SWAP;
    }

    @Override
    public BitSet touched() {
      return bits(2 * first + 1, 2 * second + 1);
    }

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
    public Origin origin() {
      return Origin.MOVE;
    }

    /** All that is shifted, with the gaps inside. */
    @Override
    public BitSet touched() {
      BitSet b = new BitSet();
      b.set(2 * Math.min(from, to) + 1, 2 * Math.max(end, to));
      return b;
    }

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

  private static BitSet bits(int... places) {
    BitSet b = new BitSet();
    for (int p : places) {
      b.set(p);
    }
    return b;
  }
}
