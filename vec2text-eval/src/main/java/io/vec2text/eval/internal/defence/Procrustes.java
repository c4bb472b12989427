package io.vec2text.eval.internal.defence;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Undoes a rotation (orthogonal Procrustes problem, Schönemann 1966). With the known originals X
 * and stored vectors Y in rows and XᵀY = USVᵀ, the orthogonal matrix R that brings R y closest to x
 * is UVᵀ. Fewer pairs than dimensions leave singular values of zero; of a vector's component
 * outside of what the pairs span nothing is known, and R gives zero for it.
 */
final class Procrustes {
  /** Single precision leaves singular values of this size where there should be none. */
  private static final double RELATIVE_ZERO = 1e-6;

  private Procrustes() {}

  static Attack fit(KnownPairs pairs) {
    DMatrixRMaj x = pairs.originalRows();
    DMatrixRMaj y = pairs.storedRows();
    DMatrixRMaj product = new DMatrixRMaj(x.getNumCols(), y.getNumCols());
    CommonOps_DDRM.multTransA(x, y, product);
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(product.getNumRows(), product.getNumCols(), true, true, true);
    Linear.decompose(svd, product);
    double[] singular = svd.getSingularValues();
    double largest = 0;
    for (double s : singular) {
      largest = Math.max(largest, s);
    }
    double[] kept = new double[svd.numberOfSingularValues()];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = singular[i] > RELATIVE_ZERO * largest ? 1 : 0;
    }
    DMatrixRMaj u = svd.getU(null, false);
    CommonOps_DDRM.multCols(u, kept);
    DMatrixRMaj rotation = new DMatrixRMaj(x.getNumCols(), y.getNumCols());
    CommonOps_DDRM.mult(u, svd.getV(null, true), rotation);
    return stored -> Linear.multiply(rotation, stored);
  }
}
