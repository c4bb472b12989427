package io.vec2text.bridge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Fits what tokens add to a vector: {@code y = c + mean over the tokens t of a text of w(t)}, with
 * {@code w(t) = A f(t) + o(t)}. The features f(t) are what is known of a token before, above all
 * its contribution in the base space, so that rare tokens have a good one too; o(t) is what the
 * token's texts say of it beyond that. The least of {@code sum |y - c - mean w|² + r |o|² + |A|²}
 * is approached by turns: A by a Cholesky decomposition, o by conjugate gradients with Jacobi's
 * preconditioner on all components at once (Golub and Van Loan, section 11.5).
 */
final class ContributionFit {
  private static final double RIDGE = 0.1;
  private static final int ROUNDS = 4;
  private static final int ITERATIONS = 12;
  private static final int BLOCK = 1024;

  private final List<int[]> texts;
  private final float[][] features;
  private final int components;

  /** Tokens that occur, and their places among these. */
  private final int[] occurring;

  private final int[] places;
  private final double[] squares;

  /**
   * A fit.
   *
   * @param texts tokens of each text, none of them empty
   * @param features float [vocabulary][F]: what is known of each token
   * @param components of a vector
   */
  ContributionFit(List<int[]> texts, float[][] features, int components) {
    this.texts = texts;
    this.features = features;
    this.components = components;
    occurring = texts.stream().flatMapToInt(Arrays::stream).distinct().sorted().toArray();
    places = new int[features.length];
    for (int i = 0; i < occurring.length; i++) {
      places[occurring[i]] = i;
    }
    squares = new double[occurring.length];
    for (int[] text : texts) {
      counts(text)
          .forEach((token, n) -> squares[places[token]] += Math.pow((double) n / text.length, 2));
    }
  }

  private static Map<Integer, Integer> counts(int[] text) {
    Map<Integer, Integer> counts = new LinkedHashMap<>();
    for (int token : text) {
      counts.merge(token, 1, Integer::sum);
    }
    return counts;
  }

  /**
   * Fits.
   *
   * @param vectors of the texts, less their mean
   * @return float [vocabulary][components]
   */
  float[][] contributions(float[][] vectors) {
    float[][] known = new float[texts.size()][];
    for (int i = 0; i < known.length; i++) {
      known[i] = mean(texts.get(i), features, features[0].length);
    }
    LinearSolverDense<DMatrixRMaj> solver = gram(known);
    float[][] own = new float[occurring.length][components];
    float[][] mapped = new float[0][];
    for (int round = 0; round < ROUNDS; round++) {
      float[][] left = copy(vectors);
      subtractMeans(left, own);
      mapped = mapped(solver, known, left);
      float[][] rest = copy(vectors);
      for (int i = 0; i < rest.length; i++) {
        add(rest[i], -1, times(mapped, known[i]));
      }
      descend(rest, own);
    }
    float[][] contributions = new float[features.length][];
    for (int token = 0; token < contributions.length; token++) {
      contributions[token] = times(mapped, features[token]);
    }
    for (int i = 0; i < occurring.length; i++) {
      add(contributions[occurring[i]], 1, own[i]);
    }
    return contributions;
  }

  /** Conjugate gradients from where {@code own} is. */
  private void descend(float[][] y, float[][] own) {
    float[][] left = copy(y);
    subtractMeans(left, own);
    float[][] residual = transposed(left);
    for (int i = 0; i < own.length; i++) {
      add(residual[i], (float) -RIDGE, own[i]);
    }
    float[][] direction = scaled(residual);
    double[] square = products(residual, direction);
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      float[][] image = new float[y.length][components];
      subtractMeans(image, direction);
      image = transposed(image);
      for (int i = 0; i < image.length; i++) {
        for (int k = 0; k < components; k++) {
          image[i][k] = (float) (RIDGE * direction[i][k] - image[i][k]);
        }
      }
      double[] curvature = products(direction, image);
      for (int i = 0; i < own.length; i++) {
        for (int k = 0; k < components; k++) {
          double step = square[k] / Math.max(curvature[k], 1e-30);
          own[i][k] += (float) (step * direction[i][k]);
          residual[i][k] -= (float) (step * image[i][k]);
        }
      }
      float[][] next = scaled(residual);
      double[] before = square;
      square = products(residual, next);
      for (int i = 0; i < own.length; i++) {
        for (int k = 0; k < components; k++) {
          next[i][k] += (float) (square[k] / Math.max(before[k], 1e-30) * direction[i][k]);
        }
      }
      direction = next;
    }
  }

  private float[][] scaled(float[][] residual) {
    float[][] scaled = new float[residual.length][];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = residual[i].clone();
      float scale = (float) (1 / (squares[i] + RIDGE));
      for (int k = 0; k < components; k++) {
        scaled[i][k] *= scale;
      }
    }
    return scaled;
  }

  private static double[] products(float[][] a, float[][] b) {
    double[] sums = new double[a.length == 0 ? 0 : a[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < sums.length; k++) {
        sums[k] += (double) a[i][k] * b[i][k];
      }
    }
    return sums;
  }

  /** {@code y - X own}. */
  private void subtractMeans(float[][] y, float[][] own) {
    for (int i = 0; i < y.length; i++) {
      int[] text = texts.get(i);
      for (int token : text) {
        add(y[i], -1f / text.length, own[places[token]]);
      }
    }
  }

  /** {@code X' y}. */
  private float[][] transposed(float[][] y) {
    float[][] sums = new float[occurring.length][components];
    for (int i = 0; i < y.length; i++) {
      int[] text = texts.get(i);
      for (int token : text) {
        add(sums[places[token]], 1f / text.length, y[i]);
      }
    }
    return sums;
  }

  private static float[] mean(int[] text, float[][] rows, int width) {
    float[] mean = new float[width];
    for (int token : text) {
      add(mean, 1f / text.length, rows[token]);
    }
    return mean;
  }

  private static LinearSolverDense<DMatrixRMaj> gram(float[][] known) {
    int width = known[0].length;
    DMatrixRMaj gram = CommonOps_DDRM.identity(width);
    for (int start = 0; start < known.length; start += BLOCK) {
      DMatrixRMaj block = block(known, start);
      CommonOps_DDRM.multAddTransA(block, block, gram);
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(width);
    if (!solver.setA(gram)) {
      throw new IllegalStateException("the features of tokens are not finite");
    }
    return solver;
  }

  /** A, by row of features. */
  private float[][] mapped(LinearSolverDense<DMatrixRMaj> solver, float[][] known, float[][] left) {
    DMatrixRMaj products = new DMatrixRMaj(known[0].length, components);
    for (int start = 0; start < known.length; start += BLOCK) {
      CommonOps_DDRM.multAddTransA(block(known, start), block(left, start), products);
    }
    DMatrixRMaj solution = new DMatrixRMaj(products.numRows, components);
    solver.solve(products, solution);
    float[][] rows = new float[products.numRows][components];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < components; k++) {
        rows[i][k] = (float) solution.get(i, k);
      }
    }
    return rows;
  }

  private static DMatrixRMaj block(float[][] rows, int start) {
    int n = Math.min(BLOCK, rows.length - start);
    DMatrixRMaj block = new DMatrixRMaj(n, rows[0].length);
    for (int i = 0, at = 0; i < n; i++) {
      for (float x : rows[start + i]) {
        block.data[at++] = x;
      }
    }
    return block;
  }

  /** The sum of rows by their factors: four at once, which takes half as long as one by one. */
  private static float[] times(float[][] rows, float[] factors) {
    float[] sum = new float[rows[0].length];
    int i = 0;
    for (; i + 4 <= factors.length; i += 4) {
      addFour(sum, factors, rows, i);
    }
    for (; i < factors.length; i++) {
      add(sum, factors[i], rows[i]);
    }
    return sum;
  }

  private static void addFour(float[] sum, float[] factors, float[][] rows, int first) {
    float f0 = factors[first];
    float f1 = factors[first + 1];
    float f2 = factors[first + 2];
    float f3 = factors[first + 3];
    if (f0 == 0 && f1 == 0 && f2 == 0 && f3 == 0) {
      return;
    }
    float[] r0 = rows[first];
    float[] r1 = rows[first + 1];
    float[] r2 = rows[first + 2];
    float[] r3 = rows[first + 3];
    for (int k = 0; k < sum.length; k++) {
      sum[k] = sum[k] + f0 * r0[k] + f1 * r1[k] + f2 * r2[k] + f3 * r3[k];
    }
  }

  private static void add(float[] sum, float factor, float[] row) {
    for (int k = 0; k < sum.length; k++) {
      sum[k] += factor * row[k];
    }
  }

  private static float[][] copy(float[][] rows) {
    List<float[]> copies = new ArrayList<>();
    for (float[] row : rows) {
      copies.add(row.clone());
    }
    return copies.toArray(new float[0][]);
  }
}
