package io.vec2text.search;

import io.vec2text.spi.LanguageModel;
import java.util.Arrays;

/**
 * What a text is made of, for {@link Surrogate}: its tokens, each two neighbours and each two
 * tokens with one between them, the ends of the text counted as tokens. A feature's value is how
 * often it occurs per token, as under mean pooling, times its weight.
 */
final class TextFeatures {
  /** Weight of two tokens with one between them; all others have 1. */
  static final float APART = (float) Math.sqrt(0.5);

  private static final int TOKEN_BITS = 28;
  private static final int NEIGHBOURS_KIND = 1;
  private static final int APART_KIND = 2;

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
      values[last] += (kind(all[i]) == APART_KIND ? APART : 1) / tokens.length;
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
    int beforeLast = LanguageModel.BEGIN;
    int last = LanguageModel.BEGIN;
    for (int i = 0; i <= tokens.length; i++) {
      int token = i < tokens.length ? tokens[i] : LanguageModel.END;
      if (i < tokens.length) {
        receiver.accept(token, 1);
      }
      receiver.accept(neighbours(last, token), 1);
      if (i > 0) {
        receiver.accept(apart(beforeLast, token), APART);
      }
      beforeLast = last;
      last = token;
    }
  }

  /**
   * The key of two neighbours.
   *
   * @param first a token, or {@link LanguageModel#BEGIN}
   * @param second a token, or {@link LanguageModel#END}
   */
  static long neighbours(int first, int second) {
    return key(NEIGHBOURS_KIND, first, second);
  }

  /**
   * The key of two tokens with one between them.
   *
   * @param first a token, or {@link LanguageModel#BEGIN}
   * @param second a token, or {@link LanguageModel#END}
   */
  static long apart(int first, int second) {
    return key(APART_KIND, first, second);
  }

  private static long key(int kind, int first, int second) {
    return ((long) kind << (2 * TOKEN_BITS)) | ((long) low(first) << TOKEN_BITS) | low(second);
  }

  private static int low(int token) {
    return token & ((1 << TOKEN_BITS) - 1);
  }

  /** Whether a feature is a token alone. Its key then is the token. */
  static boolean isToken(long key) {
    return kind(key) == 0;
  }

  /** Of a feature of two tokens the second; large where it is the end of a text. */
  static int second(long key) {
    return low((int) key);
  }

  /** Of a feature of two tokens the first; large where it is the beginning of a text. */
  static int first(long key) {
    return low((int) (key >>> TOKEN_BITS));
  }

  /** The key of a feature with another token as its first. */
  static long withFirst(long key, int token) {
    return key(kind(key), token, second(key));
  }

  /** The key of a feature with another token as its second. */
  static long withSecond(long key, int token) {
    return key(kind(key), first(key), token);
  }

  private static int kind(long key) {
    return (int) (key >>> (2 * TOKEN_BITS));
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
