package io.vec2text.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A beam search that ends with as many finished texts as it is wide, whose scores are
 * log-probabilities divided by the number of tokens. Texts that do not end are dropped, and so is
 * the empty one.
 */
final class BeamState implements DecodingState {
  private final int beam;
  private final int minTokens;
  private final int maxTokens;
  private final int end;
  private final List<Written> done = new ArrayList<>();
  private int[][] tokens = {{}};
  private double[] score = {0};
  private int[] parents = {0};

  /**
   * The state before the first step.
   *
   * @param minTokens tokens of a text at least, the end not counted
   * @param maxTokens tokens of a text at most, the end not counted
   * @param end the token that ends a text
   */
  BeamState(int beam, int minTokens, int maxTokens, int end) {
    this.beam = beam;
    this.minTokens = minTokens;
    this.maxTokens = maxTokens;
    this.end = end;
  }

  @Override
  public int[] parents() {
    return parents;
  }

  @Override
  public int[] tokens(int row) {
    return tokens[row];
  }

  @Override
  public boolean finished() {
    return done.size() >= beam || tokens.length == 0;
  }

  @Override
  public void advance(float[] scores, int[] words, int first, int k) {
    int t = tokens[0].length;
    record Next(int row, int word, double score) {}
    List<Next> all = new ArrayList<>();
    int each = Math.min(k, 2 * beam);
    for (int r = 0; r < tokens.length; r++) {
      for (int j = 0; j < each; j++) {
        int at = (first + r) * k + j;
        if (words[at] == end ? t >= minTokens : t < maxTokens) {
          all.add(new Next(r, words[at], score[r] + scores[at]));
        }
      }
    }
    all.sort(
        Comparator.comparingDouble(Next::score)
            .reversed()
            .thenComparingInt(Next::row)
            .thenComparingInt(Next::word));
    List<Next> kept = new ArrayList<>();
    // A beam of one is greedy decoding: an end that is only second best ends nothing.
    for (Next n : all.subList(0, Math.min(all.size(), beam == 1 ? 1 : 2 * beam))) {
      if (n.word == end) {
        done.add(new Written(tokens[n.row], n.score));
      } else if (kept.size() < beam) {
        kept.add(n);
      }
    }
    int[][] next = new int[kept.size()][];
    double[] sum = new double[kept.size()];
    parents = new int[kept.size()];
    for (int r = 0; r < next.length; r++) {
      Next n = kept.get(r);
      next[r] = Arrays.copyOf(tokens[n.row], t + 1);
      next[r][t] = n.word;
      sum[r] = n.score;
      parents[r] = first + n.row;
    }
    tokens = next;
    score = sum;
  }

  @Override
  public List<Written> texts() {
    done.sort(
        Comparator.comparingDouble((Written w) -> w.logProbability() / (w.tokens().length + 1))
            .reversed());
    return done.subList(0, Math.min(beam, done.size()));
  }
}
