package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Token decoding as the transformers library does it, with length penalty 1 and without early
 * stopping: the decoder of published vec2text.
 *
 * <p>With a beam of 1 it takes the most probable word until that is the end. Wider, of all
 * continuations of all rows the 2 b best count: ends among the first b are finished texts, scored
 * by their mean log-probability, the end included; the first b others go on. It is done with b
 * finished texts of which the worst is at least as good as the best continuation divided by the
 * present length. What is unfinished at the limit competes as it is. The empty text is a text like
 * any other. Sums are of single precision, as there.
 *
 * <p>Texts keep their end, if they have one.
 */
final class PublishedBeamState implements DecodingState {
  private final int beam;
  private final int minTokens;
  private final int maxTokens;
  private final int end;
  private final List<Written> done = new ArrayList<>();
  private int[][] tokens = {{}};
  private float[] score = {0};
  private int[] parents = {0};
  private boolean finished;

  /**
   * The state before the first step.
   *
   * @param minTokens tokens of a text at least, the end counted
   * @param maxTokens tokens of a text at most, the end counted
   * @param end the token that ends a text
   */
  PublishedBeamState(int beam, int minTokens, int maxTokens, int end) {
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
    return finished;
  }

  /** A continuation of a row by a word. */
  private record Next(int row, int word, float score) {}

  @Override
  public void advance(float[] scores, int[] words, int first, int k) {
    int t = tokens[0].length;
    checkArgument(
        2 * beam <= k, "beam width must be at most %s for these models, was %s", k / 2, beam);
    List<Next> best = best(scores, words, first, k);
    List<Next> kept = new ArrayList<>();
    for (int rank = 0; rank < best.size() && kept.size() < beam; rank++) {
      Next next = best.get(rank);
      if (next.word != end) {
        kept.add(next);
      } else if (rank < beam) {
        finish(new Written(append(next), next.score));
      }
    }
    finished = done.size() == beam && (beam == 1 || worst() >= mean(best.get(0).score, t + 1));
    int[][] continued = new int[kept.size()][];
    score = new float[kept.size()];
    parents = new int[kept.size()];
    for (int r = 0; r < continued.length; r++) {
      Next next = kept.get(r);
      continued[r] = append(next);
      score[r] = next.score;
      parents[r] = first + next.row;
    }
    tokens = continued;
    if (!finished && t + 1 == maxTokens) {
      for (int r = 0; r < tokens.length; r++) {
        finish(new Written(tokens[r], score[r]));
      }
      finished = true;
    }
  }

  /** The best continuations, best first; of equals the first. */
  private List<Next> best(float[] scores, int[] words, int first, int k) {
    List<Next> all = new ArrayList<>();
    boolean mayEnd = tokens[0].length + 1 >= minTokens;
    int each = Math.min(k, 2 * beam + 1);
    for (int r = 0; r < tokens.length; r++) {
      for (int j = 0; j < each; j++) {
        int at = (first + r) * k + j;
        if (mayEnd || words[at] != end) {
          all.add(new Next(r, words[at], score[r] + scores[at]));
        }
      }
    }
    all.sort(Comparator.comparingDouble(Next::score).reversed());
    return all.subList(0, Math.min(all.size(), beam == 1 ? 1 : 2 * beam));
  }

  private int[] append(Next next) {
    int[] before = tokens[next.row];
    int[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = next.word;
    return after;
  }

  /** Keeps the best; of equals those that were finished first. */
  private void finish(Written text) {
    if (done.size() < beam) {
      done.add(text);
    } else if (mean(text) > worst()) {
      done.remove(
          done.stream().min(Comparator.comparingDouble(PublishedBeamState::mean)).orElseThrow());
      done.add(text);
    }
  }

  private double worst() {
    return done.stream()
        .mapToDouble(PublishedBeamState::mean)
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }

  private static double mean(Written text) {
    return mean(text.logProbability(), text.tokens().length);
  }

  private static double mean(double sum, int length) {
    return sum / length;
  }

  @Override
  public List<Written> texts() {
    done.sort(Comparator.comparingDouble((Written text) -> mean(text)).reversed());
    return done;
  }
}
