package io.vec2text.lm;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.Vec2TextException;
import java.util.List;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * How many components the states of a language model have, told from its distributions alone: their
 * log-probabilities, less that of one token and less their mean, span as many dimensions (Finlayson
 * et al. 2024).
 *
 * @param size components of a state
 * @param ratio of the singular value of that rank to the next; the larger, the clearer
 */
public record HiddenSize(int size, double ratio) {
  /** Below this nothing stands out. */
  private static final double CLEAR = 8;

  private static final int COLUMNS_A_ROW = 2;

  /**
   * Estimates it.
   *
   * @param distributions after different prompts, of the same tokens; at least two more than a
   *     state has components
   * @return the rank after which the singular values fall most; empty if they fall nowhere much, as
   *     of too few distributions
   * @throws IllegalArgumentException if there are fewer than 3, or they are of different tokens
   */
  public static Optional<HiddenSize> of(List<NextTokenDistribution> distributions) {
    int n = distributions.size();
    checkArgument(n > 2, "there are %s distributions, expected at least 3", n);
    NextTokenDistribution first = distributions.get(0);
    for (NextTokenDistribution other : distributions) {
      checkArgument(
          other.vocabulary() == first.vocabulary() && other.tokens().equals(first.tokens()),
          "distributions are of different tokens, expected the same of each");
    }
    int seen = first.tokens().length();
    int columns = Math.min(seen - 1, COLUMNS_A_ROW * n);
    DMatrixRMaj ratios = new DMatrixRMaj(n, columns);
    for (int j = 0; j < columns; j++) {
      int at = 1 + (int) ((long) j * (seen - 1) / columns);
      double mean = 0;
      for (int i = 0; i < n; i++) {
        NextTokenDistribution d = distributions.get(i);
        double ratio = d.logProbabilities().get(at) - d.logProbabilities().get(0);
        ratios.set(i, j, ratio);
        mean += ratio / n;
      }
      for (int i = 0; i < n; i++) {
        ratios.add(i, j, -mean);
      }
    }
    // The mean takes one dimension, so the last value is zero whatever the size.
    return largestFall(singularValues(ratios), Math.min(n - 1, columns));
  }

  private static double[] singularValues(DMatrixRMaj matrix) {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(matrix.numRows, matrix.numCols, false, false, true);
    if (!svd.decompose(matrix)) {
      throw new Vec2TextException("the singular values of the distributions can't be found");
    }
    double[] values = svd.getSingularValues();
    SingularOps_DDRM.descendingOrder(
        null, false, values, svd.numberOfSingularValues(), null, false);
    return values;
  }

  private static Optional<HiddenSize> largestFall(double[] values, int count) {
    int size = 0;
    double ratio = 0;
    for (int i = 1; i < count; i++) {
      double fall = values[i - 1] / Math.max(values[i], 1e-12 * values[0]);
      if (fall > ratio) {
        size = i;
        ratio = fall;
      }
    }
    return ratio < CLEAR ? Optional.empty() : Optional.of(new HiddenSize(size, ratio));
  }
}
