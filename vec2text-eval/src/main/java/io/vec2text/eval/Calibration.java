package io.vec2text.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How well stated probabilities hold.
 *
 * @param right of the predictions, how many came true
 * @param stated mean probability stated
 * @param error expected calibration error: over ten equal ranges of the stated probability, the
 *     mean difference of stated and true share, weighted by predictions (Naeini et al. 2015)
 * @param auroc probability that a prediction that came true had a higher probability stated than
 *     one that did not (ties count half); empty if all or none came true
 */
public record Calibration(Rate right, double stated, double error, Optional<Double> auroc) {
  private static final int RANGES = 10;

  /**
   * A prediction and what came of it.
   *
   * @param probability stated, in [0, 1]
   * @param right whether it came true
   */
  public record Prediction(double probability, boolean right) {}

  /** Of some predictions; empty if there are none. */
  public static Optional<Calibration> of(List<Prediction> predictions) {
    if (predictions.isEmpty()) {
      return Optional.empty();
    }
    int n = predictions.size();
    int right = 0;
    double stated = 0;
    double[] surplus = new double[RANGES];
    for (Prediction p : predictions) {
      right += p.right() ? 1 : 0;
      stated += p.probability();
      int range = Math.min(RANGES - 1, (int) (p.probability() * RANGES));
      surplus[range] += p.probability() - (p.right() ? 1 : 0);
    }
    double error = 0;
    for (double s : surplus) {
      error += Math.abs(s) / n;
    }
    return Optional.of(
        new Calibration(new Rate(right, n), stated / n, error, auroc(predictions, right)));
  }

  /** By the rank sum (Mann and Whitney 1947). */
  private static Optional<Double> auroc(List<Prediction> predictions, int right) {
    int wrong = predictions.size() - right;
    if (right == 0 || wrong == 0) {
      return Optional.empty();
    }
    List<Prediction> sorted = new ArrayList<>(predictions);
    sorted.sort(Comparator.comparingDouble(Prediction::probability));
    double ranks = 0;
    for (int i = 0; i < sorted.size(); ) {
      int end = i;
      int rightHere = 0;
      while (end < sorted.size() && sorted.get(end).probability() == sorted.get(i).probability()) {
        rightHere += sorted.get(end++).right() ? 1 : 0;
      }
      ranks += rightHere * (i + 1 + end) / 2.0;
      i = end;
    }
    return Optional.of((ranks - right * (right + 1) / 2.0) / ((double) right * wrong));
  }
}
