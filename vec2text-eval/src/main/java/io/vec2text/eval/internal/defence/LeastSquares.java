package io.vec2text.eval.internal.defence;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.primitives.Floats;
import io.vec2text.Vectors;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.jspecify.annotations.Nullable;

/**
 * Undoes what is lost of vectors, as far as a linear map can: ridge regression (Hoerl and Kennard
 * 1970) from stored to original vectors, shrunk towards what the naive attacker does rather than
 * towards zero. With the originals X, the stored vectors and a constant Y, and the residuals R = X
 * - naive(Y) in rows, it adds Vᵀ y to the naive estimate, where V minimises ‖R - Y V‖² + λ‖V‖². On
 * noisy vectors this is the Wiener filter, on shortened ones the best guess of what was cut off.
 *
 * <p>λ has the least generalised cross-validation error ‖R - Y V‖²/k / (1 - tr H/k)² (Golub, Heath
 * and Wahba 1979) of k pairs, H = Y (YᵀY + λI)⁻¹ Yᵀ being the hat matrix. If none promises to be
 * better than the naive attack, that is what is done.
 */
final class LeastSquares {
  private static final int MIN_EXPONENT = -4;
  private static final int LARGEST_EXPONENT = 4;

  /** Of very few pairs, the error is the same for all λ, but for the rounding. */
  private static final double NAIVE_UNLESS_BELOW = 0.99;

  private LeastSquares() {}

  static Attack fit(KnownPairs pairs) {
    DMatrixRMaj x = pairs.originalRows();
    Attack naive = Attack.naive(x.getNumCols());
    DMatrixRMaj residual = Linear.rows(pairs.stored().stream().map(naive::restore).toList());
    CommonOps_DDRM.subtract(x, residual, residual);
    DMatrixRMaj v = ridge(withConstant(pairs.storedRows()), residual);
    if (v == null) {
      return naive;
    }
    CommonOps_DDRM.transpose(v);
    return stored ->
        Vectors.add(
            naive.restore(stored), Linear.multiply(v, Floats.concat(stored, new float[] {1})));
  }

  private static DMatrixRMaj withConstant(DMatrixRMaj stored) {
    DMatrixRMaj y = new DMatrixRMaj(stored.getNumRows(), stored.getNumCols() + 1);
    CommonOps_DDRM.fill(y, 1);
    CommonOps_DDRM.insert(stored, y, 0, 0);
    return y;
  }

  /** V, or null if zero is as good. */
  private static @Nullable DMatrixRMaj ridge(DMatrixRMaj y, DMatrixRMaj residual) {
    int columns = y.getNumCols();
    double pairs = y.getNumRows();
    DMatrixRMaj gram = new DMatrixRMaj(columns, columns);
    CommonOps_DDRM.multInner(y, gram);
    DMatrixRMaj moments = new DMatrixRMaj(columns, residual.getNumCols());
    CommonOps_DDRM.multTransA(y, residual, moments);
    double total = Linear.dot(residual, residual);
    double scale = CommonOps_DDRM.trace(gram) / columns;
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(columns);
    double least = NAIVE_UNLESS_BELOW * total / pairs;
    DMatrixRMaj best = null;
    for (int exponent = MIN_EXPONENT; exponent <= LARGEST_EXPONENT; exponent++) {
      double lambda = scale * Math.pow(10, exponent);
      DMatrixRMaj regular = gram.copy();
      for (int i = 0; i < columns; i++) {
        regular.add(i, i, lambda);
      }
      checkState(solver.setA(regular), "the matrix YᵀY + λI is not positive definite");
      DMatrixRMaj v = new DMatrixRMaj(columns, residual.getNumCols());
      solver.solve(moments, v);
      DMatrixRMaj inverse = new DMatrixRMaj(columns, columns);
      solver.invert(inverse);
      // As YᵀY V = YᵀR - λV, and tr H = tr(I - λ(YᵀY + λI)⁻¹).
      double left = total - Linear.dot(v, moments) - lambda * Linear.dot(v, v);
      double freedom = 1 - (columns - lambda * CommonOps_DDRM.trace(inverse)) / pairs;
      double error = Math.max(0, left) / pairs / (freedom * freedom);
      if (error < least) {
        least = error;
        best = v;
      }
    }
    return best;
  }
}
