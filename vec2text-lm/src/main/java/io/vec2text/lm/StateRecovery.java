package io.vec2text.lm;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.Vec2TextException;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.jspecify.annotations.Nullable;

/**
 * Finds the final state of a language model behind a distribution of the next token.
 *
 * <p>The log-probability of token i is w_i · h − c, with w_i the row of the output matrix and c the
 * same for all tokens. Of the tokens S that were observed, with noise of variance v_i, and a
 * Gaussian prior N(μ, Σ) of the states after calibration prompts, the estimate is that of the least
 *
 * <pre>{@code
 * sum over S of (l_i − w_i · h + c)² / v_i + (h − μ)ᵀ Σ⁻¹ (h − μ)
 * }</pre>
 *
 * over h and c. With the weighted means taken off the rows (A) and off the log-probabilities (y), c
 * is gone:
 *
 * <pre>{@code
 * h = μ + C Aᵀ D (y − A μ),   C = (Aᵀ D A + Σ⁻¹)⁻¹,   D = diag(1 / v_i)
 * }</pre>
 *
 * or, where fewer tokens than components were observed, the same as {@code μ + Σ Aᵀ (A Σ Aᵀ +
 * D⁻¹)⁻¹ (y − A μ)}. C is the covariance of what is left unknown. From as many tokens as the state
 * has components, plus one, on, the prior hardly matters. At a temperature T, T l_i takes the place
 * of l_i.
 *
 * <p>Implementation: double precision, Cholesky decompositions. The moments of the whole vocabulary
 * at equal variances are summed once. Immutable but for that; safe for use by many threads.
 */
public final class StateRecovery {
  /** Standard deviation of the log-probabilities of a model that computes in float32. */
  private static final double NOISE = 1e-5;

  private final OutputMatrix output;
  private final StateStatistics statistics;
  private final DMatrixRMaj precision;
  private @Nullable DMatrixRMaj gramOfAll;

  /** For the states of a model, which need not be loaded. */
  public StateRecovery(LanguageModelPackage files) {
    this(files.output(), files.statistics());
  }

  StateRecovery(OutputMatrix output, StateStatistics statistics) {
    this.output = output;
    this.statistics = statistics;
    this.precision = inverse(statistics.covariance());
  }

  /**
   * The state behind a distribution.
   *
   * @throws IllegalArgumentException if it is over another vocabulary than the model's
   */
  public RecoveredState recover(NextTokenDistribution observed) {
    checkArgument(
        observed.vocabulary() == output.vocabulary(),
        "the distribution is over %s tokens, but the model has %s",
        observed.vocabulary(),
        output.vocabulary());
    ObservedTokens tokens = new ObservedTokens(output, observed, NOISE);
    return tokens.size() > output.width() ? primal(tokens) : dual(tokens);
  }

  /**
   * The vector that {@link PromptEmbedder} would give to the prompt behind a distribution.
   *
   * @return of unit length
   * @throws IllegalArgumentException as {@link #recover}
   */
  public float[] vector(NextTokenDistribution observed) {
    return vector(recover(observed));
  }

  /** The vector that {@link PromptEmbedder} would give to the prompt behind a state. */
  public float[] vector(RecoveredState recovered) {
    return statistics.vector(recovered.state());
  }

  private RecoveredState primal(ObservedTokens tokens) {
    DMatrixRMaj covariance = gram(tokens).copy();
    CommonOps_DDRM.addEquals(covariance, precision);
    covariance = inverse(covariance);
    DMatrixRMaj change = new DMatrixRMaj(output.width(), 1);
    CommonOps_DDRM.mult(covariance, tokens.gradient(statistics.mean()), change);
    return result(change, CommonOps_DDRM.trace(covariance), tokens);
  }

  private DMatrixRMaj gram(ObservedTokens tokens) {
    if (tokens.size() < output.vocabulary() || !tokens.even()) {
      return tokens.gram();
    }
    DMatrixRMaj scaled;
    synchronized (this) {
      if (gramOfAll == null) {
        DMatrixRMaj all = tokens.gram();
        CommonOps_DDRM.divide(all, tokens.weight(0));
        gramOfAll = all;
      }
      scaled = gramOfAll.copy();
    }
    CommonOps_DDRM.scale(tokens.weight(0), scaled);
    return scaled;
  }

  private RecoveredState dual(ObservedTokens tokens) {
    DMatrixRMaj rows = tokens.rows();
    DMatrixRMaj image = new DMatrixRMaj(rows.numRows, output.width());
    CommonOps_DDRM.mult(rows, statistics.covariance(), image);
    DMatrixRMaj spread = new DMatrixRMaj(rows.numRows, rows.numRows);
    CommonOps_DDRM.multTransB(image, rows, spread);
    for (int i = 0; i < rows.numRows; i++) {
      spread.add(i, i, 1 / tokens.weight(i));
    }
    DMatrixRMaj gain = new DMatrixRMaj(rows.numRows, output.width());
    solver(spread).solve(image, gain);
    DMatrixRMaj change = new DMatrixRMaj(output.width(), 1);
    CommonOps_DDRM.multTransA(gain, tokens.residuals(statistics.mean()), change);
    double known = 0;
    for (int i = 0; i < image.getNumElements(); i++) {
      known += image.data[i] * gain.data[i];
    }
    return result(change, CommonOps_DDRM.trace(statistics.covariance()) - known, tokens);
  }

  private RecoveredState result(DMatrixRMaj change, double unknown, ObservedTokens tokens) {
    float[] state = statistics.mean().clone();
    double squares = 0;
    for (int i = 0; i < state.length; i++) {
      double x = change.get(i);
      state[i] = (float) (state[i] + x);
      squares += x * x;
    }
    double left = Math.max(0, unknown);
    int spare = tokens.size() - output.width() - 1;
    return new RecoveredState(
        state,
        Math.sqrt(left),
        squares + left == 0 ? 0 : Math.sqrt(squares / (squares + left)),
        spare > 0 ? Math.sqrt(tokens.squaredResiduals(state) / spare) : Double.NaN);
  }

  private static DMatrixRMaj inverse(DMatrixRMaj matrix) {
    DMatrixRMaj inverse = new DMatrixRMaj(matrix.numRows, matrix.numRows);
    solver(matrix.copy()).invert(inverse);
    return inverse;
  }

  private static LinearSolverDense<DMatrixRMaj> solver(DMatrixRMaj matrix) {
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(matrix.numRows);
    if (!solver.setA(matrix)) {
      throw new Vec2TextException("the statistics of the language model's states are degenerate");
    }
    return solver;
  }
}
