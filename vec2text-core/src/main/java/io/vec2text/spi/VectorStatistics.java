package io.vec2text.spi;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * How the vectors that an embedder gives are distributed: a Gaussian fitted to those of many texts,
 * and how far from it the embedder's own still lie. It detects vectors of other models, and
 * completes vectors of which only a part is left.
 *
 * @param mean of the vectors, in their own scale
 * @param covariance lower triangle of the covariance, row by row; positive definite
 * @param limit squared Mahalanobis distance from the mean, divided by the dimension, above which a
 *     vector is another model's; above 1, near which the embedder's own are
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record VectorStatistics(float[] mean, float[] covariance, double limit) {

  private static final String NOT_POSITIVE = "the covariance is not positive definite";

  /** Checks the sizes, and that the covariance is one. */
  public VectorStatistics {
    checkArgument(mean.length > 0, "the mean has no components");
    long triangle = (long) mean.length * (mean.length + 1) / 2;
    checkArgument(
        covariance.length == triangle,
        "the covariance has %s entries, expected %s",
        covariance.length,
        triangle);
    checkArgument(
        limit > 1 && limit < 1e6, "the limit must be above 1 and below 1e6, was %s", limit);
    checkFinite("mean", mean);
    checkFinite("covariance", covariance);
    for (int i = 0; i < mean.length; i++) {
      float variance = covariance[(i + 1) * (i + 2) / 2 - 1];
      checkArgument(variance > 0, "a variance is %s, expected above 0", variance);
    }
    checkArgument(isPositiveDefinite(mean.length, covariance), NOT_POSITIVE);
  }

  private static void checkFinite(String what, float[] values) {
    for (float x : values) {
      checkArgument(Float.isFinite(x), "the %s has an entry %s, expected finite ones", what, x);
    }
  }

  private static boolean isPositiveDefinite(int dimension, float[] triangle) {
    return DecompositionFactory_DDRM.chol(dimension, true).decompose(matrix(dimension, triangle));
  }

  private static DMatrixRMaj matrix(int dimension, float[] triangle) {
    DMatrixRMaj matrix = new DMatrixRMaj(dimension, dimension);
    for (int i = 0, at = 0; i < dimension; i++) {
      for (int j = 0; j <= i; j++, at++) {
        matrix.set(i, j, triangle[at]);
        matrix.set(j, i, triangle[at]);
      }
    }
    return matrix;
  }

  /**
   * Squared Mahalanobis distances from the mean, each divided by the dimension: near 1 of the
   * embedder's own vectors, above {@link #limit} of another model's.
   *
   * @param vectors in the scale of the mean
   */
  public double[] distances(List<float[]> vectors) {
    DMatrixRMaj differences = new DMatrixRMaj(dimension(), vectors.size());
    for (int i = 0; i < vectors.size(); i++) {
      for (int k = 0; k < dimension(); k++) {
        differences.set(k, i, vectors.get(i)[k] - mean[k]);
      }
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(dimension());
    DMatrixRMaj weighted = new DMatrixRMaj(dimension(), vectors.size());
    if (!solver.setA(matrix(dimension(), covariance))) {
      throw new IllegalStateException(NOT_POSITIVE);
    }
    solver.solve(differences.copy(), weighted);
    double[] distances = new double[vectors.size()];
    for (int i = 0; i < distances.length; i++) {
      for (int k = 0; k < dimension(); k++) {
        distances[i] += differences.get(k, i) * weighted.get(k, i) / dimension();
      }
    }
    return distances;
  }

  /**
   * Mean cosine of the vectors of two unrelated texts, by their first components: {@code |mu|² /
   * (|mu|² + tr(Sigma))}.
   *
   * @param components how many of the components, at least 1
   * @return in [0, 1)
   */
  public double unrelatedCosine(int components) {
    double square = 0;
    double variance = 0;
    for (int i = 0; i < components; i++) {
      square += (double) mean[i] * mean[i];
      variance += covariance(i, i);
    }
    return square / (square + variance);
  }

  /** Components of a vector. */
  public int dimension() {
    return mean.length;
  }

  /** The covariance of two components. */
  public float covariance(int i, int j) {
    int row = Math.max(i, j);
    return covariance[row * (row + 1) / 2 + Math.min(i, j)];
  }

  /** The dimension. */
  @Override
  public String toString() {
    return "VectorStatistics[dimension=" + dimension() + ", limit=" + limit + "]";
  }
}
