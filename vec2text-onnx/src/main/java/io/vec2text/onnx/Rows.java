package io.vec2text.onnx;

import java.util.List;

/** The texts of one item of a batch while they are being written: a row each. */
interface Rows {

  /** Which row of the last run each row continues. */
  int[] parents();

  /** The tokens of a row so far. */
  int[] tokens(int row);

  /**
   * Takes a step.
   *
   * @param scores log-probabilities of the k best next words of each row of the run, sorted
   * @param words these words
   * @param first index in the run of this item's first row
   */
  void advance(float[] scores, int[] words, int first, int k);

  /** Whether there is nothing more to write. */
  boolean finished();

  /** What was written, most probable first. */
  List<Written> texts();

  /**
   * A finished text.
   *
   * @param tokens its tokens
   * @param logProbability sum over its tokens and the end, without those of the kept prefix
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Written(int[] tokens, double logProbability) {}
}
