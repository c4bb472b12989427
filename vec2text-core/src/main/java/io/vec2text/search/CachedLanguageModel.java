package io.vec2text.search;

import io.vec2text.spi.LanguageModel;
import java.util.Arrays;

/**
 * A language model that remembers its last answers, of which the texts of one search need most
 * again and again. For one thread at a time.
 */
final class CachedLanguageModel implements LanguageModel {
  private static final int TOKEN_BITS = 21;

  /** 2^16 answers take 800 kB, about as much as a core has to itself. */
  private static final int SIZE_BITS = 16;

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final LanguageModel model;
  private final long[] keys = new long[1 << SIZE_BITS];
  private final float[] answers = new float[1 << SIZE_BITS];

  /** Remembers a model's answers. */
  CachedLanguageModel(LanguageModel model) {
    this.model = model;
    Arrays.fill(keys, -1);
  }

  @Override
  public float logProbability(int beforeLast, int last, int next) {
    long key = (key(beforeLast) << TOKEN_BITS | key(last)) << TOKEN_BITS | key(next);
    int slot = (int) ((key * GOLDEN) >>> (Long.SIZE - SIZE_BITS));
    if (keys[slot] != key) {
      answers[slot] = model.logProbability(beforeLast, last, next);
      keys[slot] = key;
    }
    return answers[slot];
  }

  private static long key(int token) {
    return token & ((1 << TOKEN_BITS) - 1);
  }
}
