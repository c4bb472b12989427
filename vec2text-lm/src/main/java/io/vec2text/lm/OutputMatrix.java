package io.vec2text.lm;

import io.vec2text.internal.Dot;
import java.util.Random;

/**
 * The output matrix W [vocabulary, width] of a language model: the score of token i after a state h
 * is w_i · h. Immutable.
 */
final class OutputMatrix {
  private final float[][] rows;

  OutputMatrix(float[][] rows) {
    this.rows = rows;
  }

  int vocabulary() {
    return rows.length;
  }

  int width() {
    return rows[0].length;
  }

  /** The row of a token; not to be changed. */
  float[] row(int token) {
    return rows[token];
  }

  /** The token of the highest score; of equal ones, the first. */
  int mostProbable(float[] state) {
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < rows.length; i++) {
      double score = Dot.of(rows[i], state);
      if (score > highest) {
        highest = score;
        best = i;
      }
    }
    return best;
  }

  /** A token at random, as probable as the state makes it. */
  int drawn(float[] state, Random random) {
    double[] logs = logProbabilities(state);
    double left = random.nextDouble();
    for (int i = 0; i < logs.length; i++) {
      left -= Math.exp(logs[i]);
      if (left < 0) {
        return i;
      }
    }
    return mostProbable(state); // rounding alone leads here
  }

  /** log softmax(W h), in double precision. */
  double[] logProbabilities(float[] state) {
    double[] scores = new double[rows.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Dot.of(rows[i], state);
    }
    double c = Logs.sumExp(scores);
    for (int i = 0; i < scores.length; i++) {
      scores[i] -= c;
    }
    return scores;
  }
}
