package io.vec2text.bridge;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.Doubles;
import com.google.common.primitives.Floats;
import io.vec2text.Vectors;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Fits a {@link SpaceMap} to pairs (x, y) by ridge regression on its features (Hoerl and Kennard
 * 1970): the least of {@code sum |y - W f(x) - b|² + penalty n s |W|²}, where s is the mean
 * variance of the features, so that one scale of penalties serves all spaces. With landmarks drawn
 * from the texts that is kernel ridge regression in Nystroem's approximation (Williams and Seeger
 * 2001). The moments are summed once; each penalty then costs one Cholesky decomposition.
 */
final class SpaceMapFit {
  /** Rows at once: few enough that they stay in the cache while the whole product is updated. */
  private static final int BLOCK = 128;

  private static final float WIDTH = 1;

  /** Penalties, times n, to choose from. */
  private static final double[] PENALTIES = {1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1};

  private final float[] mean;
  private final float scale;
  private final float[][] landmarks;
  private final double[] squares;
  private final double[] meanFeatures;
  private final double[] meanImage;
  private final DMatrixRMaj gram;
  private final DMatrixRMaj products;

  /**
   * Sums the moments.
   *
   * @param x float [n][dimension], n at least 2
   * @param y float [n][another dimension]
   * @param landmarks how many of the first x are landmarks
   */
  SpaceMapFit(float[][] x, float[][] y, int landmarks) {
    mean = Floats.toArray(Doubles.asList(mean(x)));
    scale = scale(x, mean);
    this.landmarks = new float[landmarks][];
    for (int i = 0; i < landmarks; i++) {
      this.landmarks[i] =
          SpaceMap.features(x[i], mean, scale, WIDTH, new float[0][], new double[0]);
    }
    squares = SpaceMap.squares(this.landmarks);
    int width = landmarks + mean.length;
    meanFeatures = new double[width];
    meanImage = mean(y);
    for (float[] v : x) {
      float[] f = features(v);
      for (int k = 0; k < width; k++) {
        meanFeatures[k] += f[k] / (double) x.length;
      }
    }
    gram = new DMatrixRMaj(width, width);
    products = new DMatrixRMaj(width, meanImage.length);
    DMatrixRMaj square = new DMatrixRMaj(width, width);
    for (int start = 0; start < x.length; start += BLOCK) {
      int n = Math.min(BLOCK, x.length - start);
      DMatrixRMaj f = new DMatrixRMaj(n, width);
      DMatrixRMaj image = new DMatrixRMaj(n, meanImage.length);
      for (int i = 0; i < n; i++) {
        centre(features(x[start + i]), meanFeatures, f, i);
        centre(y[start + i], meanImage, image, i);
      }
      CommonOps_DDRM.multInner(f, square);
      CommonOps_DDRM.addEquals(gram, square);
      CommonOps_DDRM.multAddTransA(f, image, products);
    }
  }

  private float[] features(float[] x) {
    return SpaceMap.features(x, mean, scale, WIDTH, landmarks, squares);
  }

  /** The mean of vectors. */
  static double[] mean(float[][] vectors) {
    double[] mean = new double[vectors[0].length];
    for (float[] v : vectors) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += v[i] / (double) vectors.length;
      }
    }
    return mean;
  }

  private static float scale(float[][] x, float[] mean) {
    double sum = 0;
    for (float[] v : x) {
      float[] d = Vectors.subtract(v, mean);
      sum += Vectors.dot(d, d) / x.length;
    }
    checkArgument(sum > 0, "all vectors are the same: nothing can be learned of them");
    return (float) Math.sqrt(sum);
  }

  private static void centre(float[] v, double[] mean, DMatrixRMaj matrix, int row) {
    for (int k = 0, at = row * mean.length; k < mean.length; k++, at++) {
      matrix.data[at] = v[k] - mean[k];
    }
  }

  /**
   * A map that was fitted.
   *
   * @param map the map
   * @param cosine mean cosine of the images of pairs held out with their vectors
   */
  record Fitted(SpaceMap map, double cosine) {}

  /** The map whose penalty serves pairs held out best. */
  Fitted best(float[][] heldX, float[][] heldY) {
    Fitted best = fitted(PENALTIES[0], heldX, heldY);
    for (int i = 1; i < PENALTIES.length; i++) {
      Fitted next = fitted(PENALTIES[i], heldX, heldY);
      if (next.cosine < best.cosine) {
        break;
      }
      best = next;
    }
    return best;
  }

  private Fitted fitted(double penalty, float[][] heldX, float[][] heldY) {
    SpaceMap map = solve(penalty);
    double sum = 0;
    for (int i = 0; i < heldX.length; i++) {
      sum += Vectors.cosine(map.apply(heldX[i]), heldY[i]);
    }
    return new Fitted(map, sum / heldX.length);
  }

  private SpaceMap solve(double penalty) {
    int width = meanFeatures.length;
    DMatrixRMaj penalised = gram.copy();
    double ridge = penalty * CommonOps_DDRM.trace(gram) / width;
    for (int i = 0; i < width; i++) {
      penalised.add(i, i, ridge);
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(width);
    if (!solver.setA(penalised)) {
      throw new IllegalStateException("the penalty " + penalty + " is too small for these vectors");
    }
    DMatrixRMaj solution = new DMatrixRMaj(width, meanImage.length);
    solver.solve(products, solution);
    float[][] rows = new float[meanImage.length][width];
    float[] offset = new float[meanImage.length];
    for (int k = 0; k < offset.length; k++) {
      double shift = meanImage[k];
      for (int i = 0; i < width; i++) {
        rows[k][i] = (float) solution.get(i, k);
        shift -= solution.get(i, k) * meanFeatures[i];
      }
      offset[k] = (float) shift;
    }
    return new SpaceMap(mean, scale, WIDTH, landmarks, rows, offset);
  }
}
