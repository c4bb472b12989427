package io.vec2text.search;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import io.vec2text.Vectors;
import io.vec2text.spi.VectorStatistics;
import java.util.function.IntToDoubleFunction;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * What {@link VectorStatistics} say of a vector of which all, the first components or the signs are
 * known. Safe for use by many threads.
 */
final class Gaussian {
  /** Part of the mean variance below which a component counts as constant. */
  private static final double CONSTANT = 0.01;

  private final VectorStatistics statistics;
  private final int dimension;
  private final double meanVariance;

  /** Inverse covariances of the first components, by how many; each may be large. */
  private final LoadingCache<Integer, DMatrixRMaj> precisions =
      CacheBuilder.newBuilder().maximumSize(4).build(CacheLoader.from(this::precision));

  private final LoadingCache<Boolean, DMatrixRMaj> signPrecision =
      CacheBuilder.newBuilder().build(CacheLoader.from(this::signPrecision));

  Gaussian(VectorStatistics statistics) {
    this.statistics = statistics;
    dimension = statistics.dimension();
    double sum = 0;
    for (int i = 0; i < dimension; i++) {
      sum += variance(i);
    }
    meanVariance = sum / dimension;
  }

  private double variance(int i) {
    return statistics.covariance(i, i);
  }

  /** Whether a component is the same in all vectors, rounding apart. */
  boolean isConstant(int i) {
    return variance(i) < CONSTANT * meanVariance;
  }

  float[] mean() {
    return statistics.mean();
  }

  /** The length that the first components together have at large. */
  double expectedNorm(int known) {
    double sum = 0;
    for (int i = 0; i < known; i++) {
      sum += variance(i) + (double) mean()[i] * mean()[i];
    }
    return Math.sqrt(sum);
  }

  /** Mean cosine of unrelated texts, by the first components. */
  double unrelatedCosine(int known) {
    return statistics.unrelatedCosine(known);
  }

  /**
   * Squared Mahalanobis distance of the first components from their mean, per component: near 1 of
   * the embedder's own.
   */
  double distance(float[] vector, int known) {
    double[] fromMean = difference(vector, mean(), known);
    double[] weighted = times(precisions.getUnchecked(known), fromMean);
    double sum = 0;
    for (int i = 0; i < known; i++) {
      sum += fromMean[i] * weighted[i];
    }
    return sum / known;
  }

  /** The {@linkplain #distance distance} above which a vector is another model's. */
  double limit() {
    return statistics.limit();
  }

  /**
   * The vector expected where the first components are known: the conditional mean.
   *
   * @param around where to expect it as long as nothing is known: the mean, or the vector of a text
   *     that is close
   */
  float[] complete(float[] vector, int known, float[] around) {
    double[] step = times(precisions.getUnchecked(known), difference(vector, around, known));
    float[] complete = vector.clone();
    for (int i = known; i < dimension; i++) {
      complete[i] = (float) (around[i] + row(i, known, j -> step[j]));
    }
    return complete;
  }

  /**
   * The vector expected where only the signs are known: the best linear estimate, with the
   * covariances of signs to first order (Bussgang 1952).
   *
   * @param signs 1 or -1
   */
  float[] ofSigns(float[] signs) {
    double[] fromMean = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      fromMean[i] = isConstant(i) ? 0 : signs[i] - meanSign(i);
    }
    double[] step = times(signPrecision.getUnchecked(true), fromMean);
    float[] expected = mean().clone();
    for (int i = 0; i < dimension; i++) {
      expected[i] += (float) row(i, dimension, j -> slope(j) * step[j]);
    }
    return Vectors.unit(expected);
  }

  private double row(int i, int columns, IntToDoubleFunction factor) {
    double sum = 0;
    for (int j = 0; j < columns; j++) {
      sum += statistics.covariance(i, j) * factor.applyAsDouble(j);
    }
    return sum;
  }

  private static double[] difference(float[] a, float[] b, int length) {
    double[] difference = new double[length];
    for (int i = 0; i < length; i++) {
      difference[i] = (double) a[i] - b[i];
    }
    return difference;
  }

  private static double[] times(DMatrixRMaj matrix, double[] vector) {
    DMatrixRMaj product = new DMatrixRMaj(vector.length, 1);
    CommonOps_DDRM.mult(matrix, DMatrixRMaj.wrap(vector.length, 1, vector), product);
    return product.data;
  }

  private DMatrixRMaj precision(Integer known) {
    DMatrixRMaj covariance = new DMatrixRMaj(known, known);
    for (int i = 0; i < known; i++) {
      for (int j = 0; j < known; j++) {
        covariance.set(i, j, statistics.covariance(i, j));
      }
    }
    return inverse(covariance);
  }

  private DMatrixRMaj signPrecision(Boolean all) {
    DMatrixRMaj covariance = new DMatrixRMaj(dimension, dimension);
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j < dimension; j++) {
        covariance.set(i, j, slope(i) * statistics.covariance(i, j) * slope(j));
      }
      double mean = meanSign(i);
      covariance.set(i, i, isConstant(i) ? 1 : 1 - mean * mean);
    }
    return inverse(covariance);
  }

  private static DMatrixRMaj inverse(DMatrixRMaj covariance) {
    DMatrixRMaj inverse = new DMatrixRMaj(covariance.numRows, covariance.numCols);
    if (!CommonOps_DDRM.invertSPD(covariance, inverse)) {
      throw new IllegalStateException("the covariance of the vectors is not positive definite");
    }
    return inverse;
  }

  /** The mean of a component's sign. */
  private double meanSign(int i) {
    return 2 * Normal.below(mean()[i] / Math.sqrt(variance(i))) - 1;
  }

  /** How much a component's sign follows it; nothing where it is constant. */
  private double slope(int i) {
    double deviation = Math.sqrt(variance(i));
    return isConstant(i) ? 0 : 2 * Normal.density(mean()[i] / deviation) / deviation;
  }
}
