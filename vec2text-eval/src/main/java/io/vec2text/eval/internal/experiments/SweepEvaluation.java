package io.vec2text.eval.internal.experiments;

import com.google.common.collect.ImmutableList;
import io.vec2text.eval.Evaluation;
import java.util.List;

/**
 * What changed of the figures while one setting changed. Made by {@link Sweep}, shown by {@link
 * SweepReports}.
 *
 * @param over what changed
 * @param points its values
 * @param complete whether all was measured; false if it was cancelled or goes on
 * @param showTexts whether a report may show texts at all
 */
public record SweepEvaluation(
    Sweep.Over over, List<Point> points, boolean complete, boolean showTexts) {
  /** Copies. */
  public SweepEvaluation {
    points = ImmutableList.copyOf(points);
  }

  /**
   * A value.
   *
   * @param series values of one series belong together
   * @param label the value as it is shown
   * @param value the value as a number; of a style of text, its position
   * @param evaluation the figures
   */
  public record Point(String series, String label, int value, Evaluation evaluation) {}

  /** How many inversions failed with an error; each counts as an empty text. */
  public long errors() {
    return points.stream().mapToLong(p -> p.evaluation().errors()).sum();
  }
}
