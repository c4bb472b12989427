package io.vec2text.eval.internal.defence;

import static com.google.common.base.Preconditions.checkState;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.interfaces.decomposition.DecompositionInterface;

/** Between vectors and EJML's matrices. */
final class Linear {
  private Linear() {}

  /** Vectors as the rows of a matrix. */
  static DMatrixRMaj rows(List<float[]> vectors) {
    int columns = vectors.get(0).length;
    DMatrixRMaj matrix = new DMatrixRMaj(vectors.size(), columns);
    for (int i = 0; i < vectors.size(); i++) {
      for (int j = 0; j < columns; j++) {
        matrix.set(i, j, vectors.get(i)[j]);
      }
    }
    return matrix;
  }

  /** A matrix times a vector. */
  static float[] multiply(DMatrixRMaj matrix, float[] vector) {
    float[] product = new float[matrix.getNumRows()];
    double[] values = matrix.getData();
    int at = 0;
    for (int i = 0; i < product.length; i++) {
      double sum = 0;
      for (float x : vector) {
        sum += values[at++] * x;
      }
      product[i] = (float) sum;
    }
    return product;
  }

  /** The sum of the products of two matrices' elements. */
  static double dot(DMatrixRMaj a, DMatrixRMaj b) {
    double sum = 0;
    for (int i = 0; i < a.getNumElements(); i++) {
      sum += a.get(i) * b.get(i);
    }
    return sum;
  }

  /** Decomposes a matrix, which may be overwritten. */
  static void decompose(DecompositionInterface<DMatrixRMaj> decomposition, DMatrixRMaj matrix) {
    checkState(decomposition.decompose(matrix), "a matrix has no decomposition");
  }
}
