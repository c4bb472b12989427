package io.vec2text.bridge;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.Vectors;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Fits {@code W, b} to pairs (x, y) by least squares with a penalty: the least of {@code sum |y - W
 * x - b|² + penalty n s |W|²}, where s is the mean variance of the components of x, so that one
 * scale of penalties serves all spaces (Hoerl and Kennard 1970). Moments are summed once; each
 * penalty then costs one Cholesky decomposition.
 */
final class RidgeRegression {
  private final double[] meanX;
  private final double[] meanY;
  private final DMatrixRMaj gram;
  private final DMatrixRMaj products;
  private final double scale;

  /**
   * Sums the moments.
   *
   * @param x float [n][dimension], n at least 2
   * @param y float [n][another dimension]
   */
  RidgeRegression(float[][] x, float[][] y) {
    checkArgument(x.length == y.length, "%s and %s vectors are no pairs", x.length, y.length);
    meanX = mean(x);
    meanY = mean(y);
    gram = new DMatrixRMaj(meanX.length, meanX.length);
    products = new DMatrixRMaj(meanX.length, meanY.length);
    for (int start = 0; start < x.length; start += BLOCK) {
      DMatrixRMaj blockX = centred(x, meanX, start);
      DMatrixRMaj blockY = centred(y, meanY, start);
      CommonOps_DDRM.multAddTransA(blockX, blockX, gram);
      CommonOps_DDRM.multAddTransA(blockX, blockY, products);
    }
    scale = CommonOps_DDRM.trace(gram) / meanX.length;
    checkArgument(scale > 0, "all vectors are the same: nothing can be learned of them");
  }

  private static final int BLOCK = 2048;

  private static double[] mean(float[][] vectors) {
    double[] mean = new double[vectors[0].length];
    for (float[] v : vectors) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += v[i];
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= vectors.length;
    }
    return mean;
  }

  private static DMatrixRMaj centred(float[][] vectors, double[] mean, int start) {
    int n = Math.min(BLOCK, vectors.length - start);
    DMatrixRMaj block = new DMatrixRMaj(n, mean.length);
    for (int i = 0, at = 0; i < n; i++) {
      for (int k = 0; k < mean.length; k++, at++) {
        block.data[at] = vectors[start + i][k] - mean[k];
      }
    }
    return block;
  }

  /** The map of least error with a penalty above 0. */
  LinearMap solve(double penalty) {
    DMatrixRMaj penalised = gram.copy();
    for (int i = 0; i < meanX.length; i++) {
      penalised.add(i, i, penalty * scale);
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(meanX.length);
    if (!solver.setA(penalised)) {
      throw new IllegalStateException(
          "a penalty of " + penalty + " is too small for these vectors");
    }
    DMatrixRMaj solution = new DMatrixRMaj(meanX.length, meanY.length);
    solver.solve(products, solution);
    float[][] rows = new float[meanY.length][meanX.length];
    float[] offset = new float[meanY.length];
    for (int k = 0; k < offset.length; k++) {
      double shift = meanY[k];
      for (int i = 0; i < meanX.length; i++) {
        rows[k][i] = (float) solution.get(i, k);
        shift -= solution.get(i, k) * meanX[i];
      }
      offset[k] = (float) shift;
    }
    return new LinearMap(rows, offset);
  }

  /** The mean cosine of the images of x with y. */
  static double meanCosine(LinearMap map, float[][] x, float[][] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += Vectors.cosine(map.apply(x[i]), y[i]);
    }
    return sum / x.length;
  }
}
