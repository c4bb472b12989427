package io.vec2text.search;

import java.util.Arrays;

/**
 * What a text is made of, for {@link Surrogate}: its tokens, each two neighbours and each two
 * tokens with one between them, the ends of the text counted as tokens. A feature's value is how
 * often it occurs per token, as under mean pooling, times its weight.
 */
final class TextFeatures {
  private static final int BEGIN = (1 << 28) - 1;
  private static final int END = BEGIN - 1;

  /** The place of a token that is not there. */
  static final int NONE = -2;

  /** Stands for a token that is still to be written: no feature holds it. */
  static final int GAP = END - 1;

  /** Of tokens, neighbours and those with one between. */
  private static final float[] WEIGHTS = {1, 1, (float) Math.sqrt(0.5)};

  private final long[] keys;
  private final float[] values;

  private TextFeatures(long[] keys, float[] values) {
    this.keys = keys;
    this.values = values;
  }

  /** The features of a text of at least one token. */
  static TextFeatures of(int[] tokens) {
    long[] all = new long[3 * tokens.length + 1];
    int[] n = {0};
    each(tokens, (key, weight) -> all[n[0]++] = key);
    Arrays.sort(all, 0, n[0]);
    long[] keys = new long[n[0]];
    float[] values = new float[n[0]];
    int last = -1;
    for (int i = 0; i < n[0]; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        keys[++last] = all[i];
      }
      values[last] += WEIGHTS[kind(all[i])] / tokens.length;
    }
    return new TextFeatures(Arrays.copyOf(keys, last + 1), Arrays.copyOf(values, last + 1));
  }

  /** Takes in features. */
  interface Receiver {
    /**
     * Takes in a feature.
     *
     * @param key which one
     * @param value its value, or its weight for one occurrence
     */
    void accept(long key, float value);
  }

  /** Hands over all features with their values, each once. */
  void each(Receiver receiver) {
    for (int i = 0; i < keys.length; i++) {
      receiver.accept(keys[i], values[i]);
    }
  }

  /** Hands over all occurrences of features in a text, each with its weight. */
  static void each(int[] tokens, Receiver receiver) {
    int[] alone = new int[tokens.length];
    Arrays.fill(alone, NONE);
    eachWithoutCounterpart(tokens, tokens.length, alone, NONE, 0, tokens.length, receiver);
  }

  /**
   * Hands over the occurrences of features that a text does not share with another one made from
   * it, or that it was made from, each with its weight.
   *
   * @param tokens begins with the text
   * @param length tokens of the text
   * @param counterparts where each of its tokens stands in the other text, or {@link #NONE}
   * @param otherLength tokens of the other text
   * @param begin how many tokens begin both texts, or fewer
   * @param end from where on they end in the same tokens, or later
   */
  static void eachWithoutCounterpart(
      int[] tokens,
      int length,
      int[] counterparts,
      int otherLength,
      int begin,
      int end,
      Receiver receiver) {
    int start = Math.max(-1, begin - 2);
    int token = start < 0 ? BEGIN : tokens[start];
    int other = start >= 0 ? counterparts[start] : otherLength == NONE ? NONE : -1;
    int next = start + 1 == length ? otherLength : counterparts[start + 1];
    for (int i = start; i < end; i++) {
      boolean last = i + 2 > length;
      int second = last || i + 2 == length ? otherLength : counterparts[i + 2];
      int first = i + 1 < length ? tokens[i + 1] : END;
      if (token != GAP) {
        if (i >= 0 && other == NONE) {
          receiver.accept(token, WEIGHTS[0]);
        }
        if (first != GAP && (other == NONE || next != other + 1)) {
          receiver.accept(key(1, token, first), WEIGHTS[1]);
        }
        int third = i + 2 < length ? tokens[i + 2] : END;
        if (!last && third != GAP && (other == NONE || second != other + 2)) {
          receiver.accept(key(2, token, third), WEIGHTS[2]);
        }
      }
      token = first;
      other = next;
      next = second;
    }
  }

  /** Hands over the features that hold the token at a position, each with its weight. */
  static void eachAt(int[] tokens, int length, int position, Receiver receiver) {
    int token = tokens[position];
    receiver.accept(token, WEIGHTS[0]);
    receiver.accept(key(1, at(tokens, length, position - 1), token), WEIGHTS[1]);
    receiver.accept(key(1, token, at(tokens, length, position + 1)), WEIGHTS[1]);
    if (position > 0) {
      receiver.accept(key(2, at(tokens, length, position - 2), token), WEIGHTS[2]);
    }
    if (position < length - 1) {
      receiver.accept(key(2, token, at(tokens, length, position + 2)), WEIGHTS[2]);
    }
  }

  private static int at(int[] tokens, int length, int position) {
    return position < 0 ? BEGIN : position < length ? tokens[position] : END;
  }

  private static long key(int kind, int first, int second) {
    return (long) kind << 56 | (long) first << 28 | second;
  }

  /** Whether a feature is a token alone. Its key then is the token. */
  static boolean isToken(long key) {
    return kind(key) == 0;
  }

  private static int kind(long key) {
    return (int) (key >>> 56);
  }

  /** The sum of the products of the values of common features. */
  double dot(TextFeatures other) {
    double sum = 0;
    int i = 0;
    int j = 0;
    while (i < keys.length && j < other.keys.length) {
      if (keys[i] == other.keys[j]) {
        sum += values[i++] * other.values[j++];
      } else if (keys[i] < other.keys[j]) {
        i++;
      } else {
        j++;
      }
    }
    return sum;
  }
}
