package io.vec2text.lm;

import io.vec2text.Vectors;
import org.ejml.data.DMatrixRMaj;

/**
 * How the states of a language model are distributed after prompts: the Gaussian prior of a state
 * that is to be recovered.
 *
 * @param mean float [width]
 * @param covariance [width, width]
 */
@SuppressWarnings("ArrayRecordComponent") // a vector is an array; statistics are never compared
record StateStatistics(float[] mean, DMatrixRMaj covariance) {
  /** From few prompts some directions have no variance at all; they get this share of the mean. */
  private static final double FLOOR = 1e-6;

  /** From the mean and, below it, the covariance. */
  static StateStatistics of(float[][] rows) {
    int width = rows[0].length;
    DMatrixRMaj covariance = new DMatrixRMaj(width, width);
    double trace = 0;
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        covariance.set(i, j, rows[i + 1][j]);
      }
      trace += rows[i + 1][i];
    }
    for (int i = 0; i < width; i++) {
      covariance.add(i, i, FLOOR * trace / width);
    }
    return new StateStatistics(rows[0], covariance);
  }

  /** The vector of a state: what it has beyond the mean, of unit length. */
  float[] vector(float[] state) {
    return Vectors.unit(Vectors.subtract(state, mean));
  }
}
