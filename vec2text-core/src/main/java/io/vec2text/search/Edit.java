package io.vec2text.search;

import java.util.Arrays;

/** A change of a text's tokens. Positions are those of the unchanged text. */
sealed interface Edit {

  /**
   * Says of what the changed text is made, from its beginning to its end. No change drops more than
   * one token.
   *
   * @param length tokens of the unchanged text
   */
  void write(int length, Writer writer);

  /** Takes in what a changed text is made of. */
  interface Writer {
    /** The tokens from {@code from} up to, but without, {@code end} of the unchanged text. */
    void copy(int from, int end);

    /** Another token. */
    void put(int token);
  }

  /** The tokens after this change. */
  default int[] apply(int[] tokens) {
    int[] changed = new int[tokens.length + 1];
    int[] n = {0};
    write(
        tokens.length,
        new Writer() {
          @Override
          public void copy(int from, int end) {
            System.arraycopy(tokens, from, changed, n[0], end - from);
            n[0] += end - from;
          }

          @Override
          public void put(int token) {
            changed[n[0]++] = token;
          }
        });
    return Arrays.copyOf(changed, n[0]);
  }

  /** Writes a token at a position. */
  record Substitution(int position, int token) implements Edit {
    @Override
    public void write(int length, Writer writer) {
      writer.copy(0, position);
      writer.put(token);
      writer.copy(position + 1, length);
    }
  }

  /** Puts a token before a position. */
  record Insertion(int position, int token) implements Edit {
    @Override
    public void write(int length, Writer writer) {
      writer.copy(0, position);
      writer.put(token);
      writer.copy(position, length);
    }
  }

  /** Drops the token at a position. */
  record Deletion(int position) implements Edit {
    @Override
    public void write(int length, Writer writer) {
      writer.copy(0, position);
      writer.copy(position + 1, length);
    }
  }

  /** Exchanges two tokens, the first of which comes before the second. */
  record Swap(int first, int second) implements Edit {
    @Override
    public void write(int length, Writer writer) {
      writer.copy(0, first);
      writer.copy(second, second + 1);
      writer.copy(first + 1, second);
      writer.copy(first, first + 1);
      writer.copy(second + 1, length);
    }
  }

  /**
   * Moves the span [{@code from}, {@code end}) to the gap before {@code to}, which is outside it.
   */
  record Move(int from, int end, int to) implements Edit {
    @Override
    public void write(int length, Writer writer) {
      writer.copy(0, Math.min(from, to));
      if (to < from) {
        writer.copy(from, end);
        writer.copy(to, from);
      } else {
        writer.copy(end, to);
        writer.copy(from, end);
      }
      writer.copy(Math.max(end, to), length);
    }
  }
}
