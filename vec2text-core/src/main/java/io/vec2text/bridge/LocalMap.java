package io.vec2text.bridge;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * What a map g misses around a target t, learned from texts whose vectors are known in both spaces:
 * ridge regression, in its dual form, of the residuals {@code r = m - g(v)} on the vectors v. The
 * estimate is {@code g(t) + mean(r) + (R - mean(r))ᵀ (C Cᵀ + penalty s I)⁻¹ C (t - mean(v))}, where
 * the rows of C are the vectors less their mean, and s is the mean of their squared lengths. With
 * one text that is {@code g(t) + m - g(v)}.
 */
final class LocalMap {
  /** Chosen on simulated edits of dev sentences; from .1 to .3 nothing changes much. */
  private static final double PENALTY = 0.3;

  private LocalMap() {}

  /**
   * A text whose vectors are known in both spaces.
   *
   * @param vector v, of the new space
   * @param base m, of the base space
   * @param residual m - g(v)
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Known(float[] vector, float[] base, float[] residual) {}

  /**
   * The vector of a target in the base space.
   *
   * @param image g(t)
   * @param target t
   * @param texts at least one
   */
  static float[] estimate(float[] image, float[] target, List<Known> texts) {
    int n = texts.size();
    double[] mean = SpaceMapFit.mean(texts.stream().map(Known::vector).toArray(float[][]::new));
    float[] estimate = image.clone();
    for (Known k : texts) {
      for (int i = 0; i < estimate.length; i++) {
        estimate[i] += k.residual[i] / n;
      }
    }
    DMatrixRMaj centred = new DMatrixRMaj(n, mean.length);
    double square = 0;
    for (int row = 0; row < n; row++) {
      for (int i = 0; i < mean.length; i++) {
        double x = texts.get(row).vector[i] - mean[i];
        centred.set(row, i, x);
        square += x * x / n;
      }
    }
    if (square == 0) {
      return estimate;
    }
    DMatrixRMaj kernel = new DMatrixRMaj(n, n);
    CommonOps_DDRM.multOuter(centred, kernel);
    for (int row = 0; row < n; row++) {
      kernel.add(row, row, PENALTY * square);
    }
    DMatrixRMaj step = new DMatrixRMaj(mean.length, 1);
    for (int i = 0; i < mean.length; i++) {
      step.set(i, target[i] - mean[i]);
    }
    DMatrixRMaj products = new DMatrixRMaj(n, 1);
    CommonOps_DDRM.mult(centred, step, products);
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(n);
    if (!solver.setA(kernel)) {
      return estimate;
    }
    DMatrixRMaj weights = new DMatrixRMaj(n, 1);
    solver.solve(products, weights);
    // As the rows of C sum to zero, so do the weights: mean(r) drops out.
    for (int row = 0; row < n; row++) {
      for (int i = 0; i < estimate.length; i++) {
        estimate[i] += (float) (weights.get(row) * texts.get(row).residual[i]);
      }
    }
    return estimate;
  }
}
