package io.vec2text.lm;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.Vec2TextException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Whole distributions from few tokens, of a model whose weights nobody has (Finlayson et al. 2024):
 * its log-probabilities less their mean lie in a space of as many dimensions as its states have. A
 * basis B of it comes from whole distributions after any prompts, collected once; then q tokens of
 * a further one give its coordinates z and its constant c by least squares,
 *
 * <pre>{@code
 * l_i = c + mean_i + B_i · z   for the q tokens,
 * }</pre>
 *
 * and these the other tokens. Twice as many tokens as dimensions keep rounding errors small.
 * Immutable; safe for use by many threads.
 */
public final class LowRankCompletion {
  private final double[] mean;
  private final DMatrixRMaj basis;

  private LowRankCompletion(double[] mean, DMatrixRMaj basis) {
    this.mean = mean;
    this.basis = basis;
  }

  /**
   * Finds the basis.
   *
   * @param whole whole distributions, at least two more than dimensions
   * @param size dimensions, as {@link HiddenSize} tells them
   * @throws IllegalArgumentException if there are too few, or one is not whole
   */
  public static LowRankCompletion of(List<NextTokenDistribution> whole, int size) {
    int n = whole.size();
    checkArgument(size > 0, "size must be at least 1, was %s", size);
    checkArgument(n >= size + 2, "there are %s distributions, expected at least %s", n, size + 2);
    int vocabulary = whole.get(0).vocabulary();
    DMatrixRMaj rows = new DMatrixRMaj(n, vocabulary);
    double[] mean = new double[vocabulary];
    for (int i = 0; i < n; i++) {
      NextTokenDistribution d = whole.get(i);
      checkArgument(
          d.isFull() && d.vocabulary() == vocabulary,
          "distribution %s is not one of all %s tokens",
          i,
          vocabulary);
      double centre = d.logProbabilities().stream().sum() / vocabulary;
      for (int j = 0; j < vocabulary; j++) {
        rows.set(i, j, d.logProbabilities().get(j) - centre);
        mean[j] += rows.get(i, j) / n;
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < vocabulary; j++) {
        rows.add(i, j, -mean[j]);
      }
    }
    return new LowRankCompletion(mean, basis(rows, size));
  }

  /** The first right singular vectors, each times its singular value, [vocabulary, size]. */
  private static DMatrixRMaj basis(DMatrixRMaj rows, int size) {
    DMatrixRMaj gram = new DMatrixRMaj(rows.numRows, rows.numRows);
    CommonOps_DDRM.multOuter(rows, gram);
    EigenDecomposition_F64<DMatrixRMaj> eigen =
        DecompositionFactory_DDRM.eig(rows.numRows, true, true);
    if (!eigen.decompose(gram)) {
      throw new Vec2TextException("the distributions have no basis that can be found");
    }
    int[] order =
        IntStream.range(0, rows.numRows)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -eigen.getEigenvalue(i).getReal()))
            .mapToInt(Integer::intValue)
            .toArray();
    DMatrixRMaj basis = new DMatrixRMaj(rows.numCols, size);
    DMatrixRMaj column = new DMatrixRMaj(rows.numCols, 1);
    for (int k = 0; k < size; k++) {
      CommonOps_DDRM.multTransA(rows, eigen.getEigenVector(order[k]), column);
      CommonOps_DDRM.insert(column, basis, 0, k);
    }
    return basis;
  }

  /**
   * The whole distribution.
   *
   * @param some at least one token more than dimensions, of the same vocabulary
   */
  public NextTokenDistribution complete(NextTokenDistribution some) {
    int size = basis.numCols;
    checkArgument(
        some.vocabulary() == mean.length,
        "the distribution is over %s tokens, expected %s",
        some.vocabulary(),
        mean.length);
    int q = some.tokens().length();
    checkArgument(q > size, "there are %s tokens, expected at least %s", q, size + 1);
    DMatrixRMaj rows = new DMatrixRMaj(q, size + 1);
    DMatrixRMaj values = new DMatrixRMaj(q, 1);
    for (int i = 0; i < q; i++) {
      int token = some.tokens().get(i);
      for (int k = 0; k < size; k++) {
        rows.set(i, k, basis.get(token, k));
      }
      rows.set(i, size, 1);
      values.set(i, 0, some.logProbabilities().get(i) - mean[token]);
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.leastSquares(q, size + 1);
    DMatrixRMaj z = new DMatrixRMaj(size + 1, 1);
    if (!solver.setA(rows)) {
      throw new Vec2TextException("these tokens do not tell the distribution, take others");
    }
    solver.solve(values, z);
    double[] logits = mean.clone();
    for (int j = 0; j < logits.length; j++) {
      for (int k = 0; k < size; k++) {
        logits[j] += basis.get(j, k) * z.get(k);
      }
    }
    return NextTokenDistribution.ofLogits(logits);
  }
}
