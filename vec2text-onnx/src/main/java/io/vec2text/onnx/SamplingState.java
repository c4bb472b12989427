package io.vec2text.onnx;

import io.vec2text.spi.Decoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** Independent seeded samples; the empty text is dropped. */
final class SamplingState implements DecodingState {
  private final Decoding.Sample how;
  private final int maxTokens;
  private final int end;
  private final boolean cutsOff;
  private final List<Written> done = new ArrayList<>();
  private final SplittableRandom[] random;
  private final double[] score;
  private final int[][] tokens;
  private int[] alive;
  private int[] parents = {0};
  private int t;

  /**
   * The state before the first step.
   *
   * @param maxTokens tokens of a text at most, the end not counted
   * @param end the token that ends a text
   * @param cutsOff whether a text of so many tokens counts as finished; otherwise it is dropped
   */
  SamplingState(Decoding.Sample how, long seed, int maxTokens, int end, boolean cutsOff) {
    this.how = how;
    this.maxTokens = maxTokens;
    this.end = end;
    this.cutsOff = cutsOff;
    random = new SplittableRandom[how.count()];
    SplittableRandom seeds = new SplittableRandom(seed);
    Arrays.setAll(random, i -> seeds.split());
    score = new double[how.count()];
    tokens = new int[how.count()][0];
    alive = new int[how.count()];
    Arrays.setAll(alive, i -> i);
  }

  @Override
  public int[] parents() {
    return parents;
  }

  @Override
  public int[] tokens(int row) {
    return tokens[alive[row]];
  }

  @Override
  public boolean finished() {
    return alive.length == 0;
  }

  @Override
  public void advance(float[] scores, int[] words, int first, int k) {
    // Before the first step all samples are one row.
    boolean joint = t == 0;
    int[] still = new int[alive.length];
    int[] from = new int[alive.length];
    int n = 0;
    for (int r = 0; r < alive.length; r++) {
      int row = first + (joint ? 0 : r);
      int s = alive[r];
      int at = row * k + draw(scores, row * k, k, random[s]);
      score[s] += scores[at];
      int[] before = tokens[s];
      if (words[at] == end) {
        if (t > 0) {
          done.add(new Written(before, score[s]));
        }
      } else if (t < maxTokens) {
        tokens[s] = Arrays.copyOf(before, t + 1);
        tokens[s][t] = words[at];
        still[n] = s;
        from[n++] = row;
      } else if (cutsOff) {
        done.add(new Written(before, score[s] - scores[at]));
      }
    }
    alive = Arrays.copyOf(still, n);
    parents = Arrays.copyOf(from, n);
    t++;
  }

  private int draw(float[] scores, int from, int k, SplittableRandom random) {
    double[] p = new double[k];
    double total = 0;
    for (int j = 0; j < k; j++) {
      p[j] = Math.exp((scores[from + j] - scores[from]) / how.temperature());
      total += p[j];
    }
    double u = random.nextDouble() * total;
    int j = 0;
    while (j < k - 1 && (u -= p[j]) >= 0) {
      j++;
    }
    return j;
  }

  @Override
  public List<Written> texts() {
    done.sort(Comparator.comparingDouble(Written::logProbability).reversed());
    return done;
  }
}
