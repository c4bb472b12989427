package io.vec2text.lm;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import io.vec2text.internal.Dot;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * The rows of the output matrix that were observed, their weights, and both without their weighted
 * means. For one thread.
 */
final class ObservedTokens {
  /** Rows at once: few enough that they stay in the cache while the whole product is updated. */
  private static final int BLOCK = 128;

  private final OutputMatrix output;
  private final ImmutableIntArray tokens;
  private final ImmutableDoubleArray logs;
  private final double temperature;
  private final double[] weights;
  private final double sum;
  private final double[] meanRow;
  private final boolean even;

  /**
   * Takes the means.
   *
   * @param noise standard deviation of a log-probability, besides what rounding did
   */
  ObservedTokens(OutputMatrix output, NextTokenDistribution observed, double noise) {
    this.output = output;
    this.tokens = observed.tokens();
    this.logs = observed.logProbabilities();
    this.temperature = observed.temperature();
    weights = new double[tokens.length()];
    meanRow = new double[output.width()];
    double total = 0;
    boolean same = true;
    for (int i = 0; i < weights.length; i++) {
      double variance = noise * noise + observed.roundingVariance(i);
      weights[i] = 1 / (variance * temperature * temperature);
      total += weights[i];
      same &= weights[i] == weights[0];
      float[] row = output.row(tokens.get(i));
      for (int j = 0; j < row.length; j++) {
        meanRow[j] += weights[i] * row[j];
      }
    }
    sum = total;
    even = same;
    for (int j = 0; j < meanRow.length; j++) {
      meanRow[j] /= sum;
    }
  }

  int size() {
    return weights.length;
  }

  /** Whether all weights are the same. */
  boolean even() {
    return even;
  }

  double weight(int i) {
    return weights[i];
  }

  /** A: the rows less their mean. */
  DMatrixRMaj rows() {
    DMatrixRMaj rows = new DMatrixRMaj(size(), meanRow.length);
    for (int i = 0; i < size(); i++) {
      fill(rows, i, i, 1);
    }
    return rows;
  }

  /** Aᵀ D A. */
  DMatrixRMaj gram() {
    DMatrixRMaj gram = new DMatrixRMaj(meanRow.length, meanRow.length);
    DMatrixRMaj square = new DMatrixRMaj(meanRow.length, meanRow.length);
    for (int start = 0; start < size(); start += BLOCK) {
      int n = Math.min(BLOCK, size() - start);
      DMatrixRMaj block = new DMatrixRMaj(n, meanRow.length);
      for (int i = 0; i < n; i++) {
        fill(block, i, start + i, Math.sqrt(weights[start + i]));
      }
      CommonOps_DDRM.multInner(block, square);
      CommonOps_DDRM.addEquals(gram, square);
    }
    return gram;
  }

  private void fill(DMatrixRMaj to, int toRow, int i, double factor) {
    float[] row = output.row(tokens.get(i));
    for (int j = 0; j < row.length; j++) {
      to.set(toRow, j, factor * (row[j] - meanRow[j]));
    }
  }

  /** y − A μ, of a mean or another state. */
  DMatrixRMaj residuals(float[] mean) {
    double[] left = new double[size()];
    double average = 0;
    for (int i = 0; i < left.length; i++) {
      left[i] = temperature * logs.get(i) - Dot.of(output.row(tokens.get(i)), mean);
      average += weights[i] * left[i] / sum;
    }
    for (int i = 0; i < left.length; i++) {
      left[i] -= average;
    }
    return DMatrixRMaj.wrap(left.length, 1, left);
  }

  /** (y − A h)ᵀ D (y − A h) of a state h. */
  double squaredResiduals(float[] state) {
    DMatrixRMaj left = residuals(state);
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * left.get(i) * left.get(i);
    }
    return sum;
  }

  /** Aᵀ D (y − A μ). */
  DMatrixRMaj gradient(float[] mean) {
    DMatrixRMaj left = residuals(mean);
    DMatrixRMaj gradient = new DMatrixRMaj(meanRow.length, 1);
    for (int i = 0; i < size(); i++) {
      double factor = weights[i] * left.get(i);
      float[] row = output.row(tokens.get(i));
      for (int j = 0; j < row.length; j++) {
        gradient.data[j] += factor * (row[j] - meanRow[j]);
      }
    }
    return gradient;
  }
}
