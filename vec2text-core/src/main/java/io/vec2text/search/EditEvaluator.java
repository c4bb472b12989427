package io.vec2text.search;

import io.vec2text.spi.LanguageModel;
import java.util.BitSet;

/**
 * Scores edits of one text without building the edited texts: thousands of edits are tried in a
 * round. An edit cuts the text into pieces and joins them anew, with a mask for a word that is to
 * be written; so the features and trigrams at the cuts are subtracted, and those at the joins
 * added.
 *
 * <p>Positions count the ends of the text as tokens: 0 is before its first token.
 */
final class EditEvaluator implements Edit.Writer {
  /** Stands for a token that is still to be written. */
  static final int MASK = -3;

  /** No edit makes a text of more pieces. */
  private static final int MAX_PIECES = 5;

  private static final int NONE = -1;

  private final Surrogate surrogate;
  private final FeatureEffects effects;
  private final Fluency fluency;
  private final double originFluency;
  private final float[] unedited;

  /** The tokens between the ends, and the mask. */
  private final int[] tokens;

  private final int end;
  private final int mask;

  /** Effects of neighbours, and of tokens with one between them, by the positions of both. */
  private final float[][] neighbours;

  private final float[][] apart;

  /** Effects that a cut before a position removes, and those that cuts on both sides both do. */
  private final float[][] cuts;

  private final float[][] twice;

  /** Log-probability of the token at a position, and of all. */
  private final double[] nats;

  private final double allNats;

  private final int[] from = new int[MAX_PIECES];
  private final int[] to = new int[MAX_PIECES];
  private int pieces;
  private final int[] cutAt = new int[2 * MAX_PIECES];
  private int cutCount;
  private final int[] joined = new int[3 * 2 * MAX_PIECES];
  private int joinedCount;
  private int length;
  private double keptNats;

  /** The tokens around the mask. */
  private int twoBefore;

  private int before;
  private int after;
  private int twoAfter;

  /** The sum of effects without those of the word in the mask, and the sum with a word. */
  private final float[] around;

  private final float[] sums;

  /**
   * An evaluator of the edits of a text.
   *
   * @param scored the text
   * @param originFluency fluency of the surrogate's origin
   */
  EditEvaluator(ScoredText scored, Surrogate surrogate, Fluency fluency, double originFluency) {
    int[] text = scored.tokens();
    this.surrogate = surrogate;
    effects = surrogate.effects();
    this.fluency = fluency;
    this.originFluency = originFluency;
    unedited = scored.sums();
    end = text.length + 1;
    mask = end + 1;
    tokens = new int[mask + 1];
    tokens[0] = LanguageModel.BEGIN;
    System.arraycopy(text, 0, tokens, 1, text.length);
    tokens[end] = LanguageModel.END;
    tokens[mask] = MASK;
    neighbours = new float[mask * mask][];
    apart = new float[mask * mask][];
    for (int a = 0; a < end; a++) {
      for (int b = 1; b <= end; b++) {
        neighbours[a * mask + b] = effects.of(TextFeatures.neighbours(tokens[a], tokens[b]));
        apart[a * mask + b] = effects.of(TextFeatures.apart(tokens[a], tokens[b]));
      }
    }
    cuts = new float[mask][unedited.length];
    twice = new float[mask][unedited.length];
    nats = new double[mask + 1];
    double sum = 0;
    for (int p = 1; p <= end; p++) {
      addNeighbours(cuts[p], p - 1, p);
      addApart(cuts[p], p > 1 ? p - 2 : NONE, p);
      addApart(cuts[p], p - 1, p < end ? p + 1 : NONE);
      addApart(twice[p], p - 1, p < end ? p + 1 : NONE);
      nats[p] = fluency.nats(tokens[Math.max(0, p - 2)], tokens[p - 1], tokens[p]);
      sum += nats[p];
    }
    allNats = sum;
    around = new float[unedited.length];
    sums = new float[unedited.length];
  }

  /** Applies an edit to the text, in place of the one before. */
  void apply(Edit edit) {
    pieces = 0;
    piece(0, 1);
    edit.write(end - 1, this);
    piece(end, end + 1);
    length = -2;
    for (int i = 0; i < pieces; i++) {
      length += to[i] - from[i];
    }
    System.arraycopy(unedited, 0, around, 0, around.length);
    keptNats = allNats;
    takeAway();
    join();
  }

  @Override
  public void copy(int from, int end) {
    if (from < end) {
      piece(from + 1, end + 1);
    }
  }

  @Override
  public void put(int token) {
    if (token != MASK) {
      throw new IllegalArgumentException("only a mask can be written, not token " + token);
    }
    piece(mask, mask + 1);
  }

  private void piece(int begin, int end) {
    if (pieces > 0 && to[pieces - 1] == begin && begin != mask) {
      to[pieces - 1] = end;
    } else {
      from[pieces] = begin;
      to[pieces++] = end;
    }
  }

  /** Removes what only the unedited text has. */
  private void takeAway() {
    cutCount = 0;
    for (int i = 0; i < pieces; i++) {
      if (from[i] != mask) {
        cut(from[i]);
        cut(to[i]);
      }
    }
    int last = NONE;
    for (int i = 0; i < cutCount; i++) {
      int p = cutAt[i];
      Surrogate.add(around, -1, cuts[p]);
      keptNats -= nats[p] + nats[p + 1];
      if (p == last + 1) {
        Surrogate.add(around, 1, twice[last]);
        keptNats += nats[p];
        if (isDropped(last)) {
          Surrogate.add(around, -1, effects.of(tokens[last]));
        }
      }
      last = p;
    }
  }

  /** Remembers a cut before a position, in order and once. */
  private void cut(int position) {
    if (position == 0 || position > end) {
      return;
    }
    int i = cutCount;
    while (i > 0 && cutAt[i - 1] > position) {
      i--;
    }
    if (i == 0 || cutAt[i - 1] != position) {
      System.arraycopy(cutAt, i, cutAt, i + 1, cutCount++ - i);
      cutAt[i] = position;
    }
  }

  private boolean isDropped(int position) {
    for (int i = 0; i < pieces; i++) {
      if (from[i] == position) {
        return false;
      }
    }
    return true;
  }

  /** Adds what only the edited text has, and lists its new trigrams. */
  private void join() {
    joinedCount = 0;
    for (int i = 1; i < pieces; i++) {
      int left = to[i - 1] - 1;
      int beforeLeft = from[i - 1] < left ? left - 1 : i > 1 ? to[i - 2] - 1 : NONE;
      int right = from[i];
      int afterRight = right + 1 < to[i] ? right + 1 : NONE;
      addNeighbours(around, left, right);
      addApart(around, beforeLeft, right);
      addApart(around, left, afterRight);
      follows(Math.max(0, beforeLeft), left, right);
      if (afterRight != NONE) {
        follows(left, right, afterRight);
      }
    }
  }

  private void addNeighbours(float[] sums, int first, int second) {
    if (first != mask && second != mask) {
      effects.add(sums, 1, neighbours[first * mask + second]);
    }
  }

  private void addApart(float[] sums, int first, int second) {
    if (first != NONE && first != mask && second != NONE && second != mask) {
      effects.add(sums, TextFeatures.APART, apart[first * mask + second]);
    }
  }

  private void follows(int beforeLast, int last, int next) {
    joined[joinedCount++] = beforeLast;
    joined[joinedCount++] = last;
    joined[joinedCount++] = next;
  }

  /** Offers the text after the last edit, which wrote no mask, if it has any token. */
  void offerTo(BestTexts best) {
    if (length > 0) {
      offerTo(
          best, MASK, surrogate.expectedGain(around, length), surrogate.posteriorVariance(around));
    }
  }

  /** Offers the text after the last edit, which wrote a mask, with each of the words in it. */
  void offerTo(BestTexts best, WordScores words) {
    lookAround();
    BitSet met = words.withLearnedNeighbours(twoBefore, before, after, twoAfter);
    float posteriorVariance =
        surrogate.posteriorVariance(around)
            + 2
            + (twoBefore == MASK ? 0 : TextFeatures.APART)
            + (twoAfter == MASK ? 0 : TextFeatures.APART);
    float[] gains = words.expectedGains(around, length);
    for (int i = 0; i < gains.length; i++) {
      int word = words.token(i);
      if (met.get(i)) {
        write(word);
        offerTo(
            best, word, surrogate.expectedGain(sums, length), surrogate.posteriorVariance(sums));
      } else {
        offerTo(best, word, gains[i], posteriorVariance + words.posteriorVariance(i));
      }
    }
  }

  private void offerTo(BestTexts best, int word, double gain, float posteriorVariance) {
    double inverseStdDev = Surrogate.inverseStdDev(length, posteriorVariance);
    double fluent = fluency(word, best.least() / inverseStdDev - gain + originFluency);
    if (fluent > Double.NEGATIVE_INFINITY) {
      best.offer(this, word, (gain + fluent - originFluency) * inverseStdDev);
    }
  }

  /**
   * The fluency of the text with a word in its mask; minus infinity if it is at most {@code least}.
   */
  private double fluency(int word, double least) {
    double sum = keptNats;
    for (int i = 0; i < joinedCount; i += 3) {
      // No log-probability is above 0, so that the sum will not rise again.
      if (fluency.weighted(sum) <= least) {
        return Double.NEGATIVE_INFINITY;
      }
      sum +=
          fluency.nats(
              token(joined[i], word), token(joined[i + 1], word), token(joined[i + 2], word));
    }
    return fluency.weighted(sum);
  }

  private int token(int position, int word) {
    return position == mask ? word : tokens[position];
  }

  /** Finds the tokens on both sides of the mask; a mask stands for what is not there. */
  private void lookAround() {
    int piece = 0;
    while (from[piece] != mask) {
      piece++;
    }
    int left = to[piece - 1] - 1;
    int right = from[piece + 1];
    twoBefore = left > 0 ? tokens[left - 1] : MASK;
    before = tokens[left];
    after = tokens[right];
    twoAfter = right < end ? tokens[right + 1] : MASK;
  }

  /** Sums the effects of the text with a word in its mask. */
  private void write(int word) {
    System.arraycopy(around, 0, sums, 0, sums.length);
    effects.add(sums, 1, effects.of(word));
    effects.add(sums, 1, effects.of(TextFeatures.neighbours(before, word)));
    effects.add(sums, 1, effects.of(TextFeatures.neighbours(word, after)));
    if (twoBefore != MASK) {
      effects.add(sums, TextFeatures.APART, effects.of(TextFeatures.apart(twoBefore, word)));
    }
    if (twoAfter != MASK) {
      effects.add(sums, TextFeatures.APART, effects.of(TextFeatures.apart(word, twoAfter)));
    }
  }

  /** The tokens of the text with a word in its mask, if it has one. */
  int[] tokens(int word) {
    int[] text = new int[length];
    int n = 0;
    for (int i = 0; i < pieces; i++) {
      for (int p = Math.max(1, from[i]); p < to[i] && p != end; p++) {
        text[n++] = token(p, word);
      }
    }
    return text;
  }

  /** The sum of effects of the text with a word in its mask, if it has one. */
  float[] sums(int word) {
    if (word == MASK) {
      return around.clone();
    }
    write(word);
    return sums.clone();
  }
}
