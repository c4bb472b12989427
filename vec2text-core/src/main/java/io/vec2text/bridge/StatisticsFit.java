package io.vec2text.bridge;

import com.google.common.primitives.Doubles;
import com.google.common.primitives.Floats;
import io.vec2text.Vectors;
import io.vec2text.spi.VectorStatistics;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Fits {@link VectorStatistics}: a Gaussian, with an error of {@value #NOISE} of a vector's length
 * added to the covariance so that rounded vectors are not taken for another model's. The limit is
 * {@value #MARGIN} times the largest squared Mahalanobis distance of vectors held out.
 */
final class StatisticsFit {
  private static final double NOISE = 0.05;
  private static final double MARGIN = 1.4;

  private StatisticsFit() {}

  /**
   * Fits.
   *
   * @param vectors to fit, float [n][dimension]
   * @param heldOut others of the same kind, at least one
   */
  static VectorStatistics of(List<float[]> vectors, List<float[]> heldOut) {
    int dimension = vectors.get(0).length;
    double[] mean = new double[dimension];
    double square = 0;
    for (float[] v : vectors) {
      for (int i = 0; i < dimension; i++) {
        mean[i] += v[i] / (double) vectors.size();
      }
      square += Vectors.dot(v, v) / vectors.size();
    }
    DMatrixRMaj covariance = new DMatrixRMaj(dimension, dimension);
    double[] d = new double[dimension];
    for (float[] v : vectors) {
      for (int i = 0; i < dimension; i++) {
        d[i] = v[i] - mean[i];
      }
      for (int i = 0; i < dimension; i++) {
        int row = i * dimension;
        for (int j = 0; j <= i; j++) {
          covariance.data[row + j] += d[i] * d[j];
        }
      }
    }
    // Of few vectors the covariance is known badly: it gives way to that of a sphere.
    double shrinkage = (double) dimension / (dimension + vectors.size());
    double variance = CommonOps_DDRM.trace(covariance) / (vectors.size() - 1) / dimension;
    float[] triangle = new float[dimension * (dimension + 1) / 2];
    for (int i = 0, at = 0; i < dimension; i++) {
      for (int j = 0; j <= i; j++, at++) {
        double value = (1 - shrinkage) * covariance.get(i, j) / (vectors.size() - 1);
        value += i == j ? shrinkage * variance + NOISE * NOISE * square / dimension : 0;
        triangle[at] = (float) value;
      }
    }
    float[] centre = Floats.toArray(Doubles.asList(mean));
    VectorStatistics fitted = new VectorStatistics(centre, triangle, MARGIN);
    double largest = Doubles.max(fitted.distances(heldOut));
    return new VectorStatistics(centre, triangle, MARGIN * Math.max(1, largest));
  }
}
