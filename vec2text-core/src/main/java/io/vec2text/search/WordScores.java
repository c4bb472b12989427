package io.vec2text.search;

import com.carrotsearch.hppc.IntIntHashMap;
import com.carrotsearch.hppc.LongObjectHashMap;
import java.util.BitSet;

/**
 * Words that may be written in place of a {@linkplain EditEvaluator#MASK mask}, with what each adds
 * to the effects of a text, so that the gains of all of them are predicted at once.
 */
final class WordScores {
  private final Surrogate surrogate;
  private final int[] tokens;

  /** The words' effects, by component, then by word. */
  private final float[][] effects;

  /** By feature of two tokens with a mask for one of them: the words with which it was learned. */
  private final LongObjectHashMap<BitSet> learned = new LongObjectHashMap<>();

  private final float[] gains;
  private final float[] squares;

  WordScores(Surrogate surrogate, int[] tokens) {
    this.surrogate = surrogate;
    this.tokens = tokens;
    FeatureEffects all = surrogate.effects();
    all.addTokens(tokens);
    gains = new float[tokens.length];
    squares = new float[tokens.length];
    effects = new float[all.size()][tokens.length];
    IntIntHashMap places = new IntIntHashMap(tokens.length);
    for (int i = 0; i < tokens.length; i++) {
      places.put(tokens[i], i);
      float[] effect = all.of(tokens[i]);
      for (int k = 0; k < effect.length; k++) {
        effects[k][i] = effect[k];
      }
    }
    all.eachKey(
        key -> {
          if (!TextFeatures.isToken(key)) {
            int first = places.getOrDefault(TextFeatures.first(key), -1);
            int second = places.getOrDefault(TextFeatures.second(key), -1);
            if (first >= 0) {
              addLearned(TextFeatures.withFirst(key, EditEvaluator.MASK), first);
            }
            if (second >= 0) {
              addLearned(TextFeatures.withSecond(key, EditEvaluator.MASK), second);
            }
          }
        });
  }

  private void addLearned(long key, int word) {
    BitSet words = learned.get(key);
    if (words == null) {
      words = new BitSet(tokens.length);
      learned.put(key, words);
    }
    words.set(word);
  }

  int token(int word) {
    return tokens[word];
  }

  float posteriorVariance(int word) {
    return effects[surrogate.effects().variance()][word];
  }

  /**
   * The words that have a learned feature with any of the tokens around a mask. Where nothing
   * stands two tokens away, a mask stands for that token.
   */
  BitSet withLearnedNeighbours(int twoBefore, int before, int after, int twoAfter) {
    BitSet words = new BitSet(tokens.length);
    or(words, TextFeatures.apart(twoBefore, EditEvaluator.MASK));
    or(words, TextFeatures.neighbours(before, EditEvaluator.MASK));
    or(words, TextFeatures.neighbours(EditEvaluator.MASK, after));
    or(words, TextFeatures.apart(EditEvaluator.MASK, twoAfter));
    return words;
  }

  private void or(BitSet words, long key) {
    BitSet more = learned.get(key);
    if (more != null) {
      words.or(more);
    }
  }

  /**
   * The {@linkplain Surrogate#expectedGain predicted gain} of a text with each of the words,
   * without what their neighbours add.
   *
   * @param sum of the effects of the text without the word
   * @param length tokens of the text with the word
   * @return one for each word, until the next call
   */
  float[] expectedGains(float[] sum, int length) {
    float scale = 1f / length;
    int axes = surrogate.effects().variance();
    float[] alongOrigin = effects[RandomProjection.ORIGIN];
    float[] residuals = effects[surrogate.effects().residual()];
    float origin = surrogate.squareAlongOrigin(sum, scale);
    for (int i = 0; i < squares.length; i++) {
      squares[i] = origin + scale * (2 * alongOrigin[i] + residuals[i]);
    }
    for (int k = RandomProjection.ORIGIN + 1; k < axes; k++) {
      float step = surrogate.step(sum, scale, k);
      float[] effect = effects[k];
      for (int i = 0; i < squares.length; i++) {
        float s = step + scale * effect[i];
        squares[i] += s * s;
      }
    }
    float toTarget =
        (float) surrogate.originCosine() + surrogate.step(sum, scale, RandomProjection.TARGET);
    float[] alongTarget = effects[RandomProjection.TARGET];
    for (int i = 0; i < gains.length; i++) {
      gains[i] = (float) surrogate.gain(toTarget + scale * alongTarget[i], squares[i]);
    }
    return gains;
  }
}
