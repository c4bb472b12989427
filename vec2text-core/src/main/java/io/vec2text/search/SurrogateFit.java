package io.vec2text.search;

import com.carrotsearch.hppc.FloatArrayList;
import com.carrotsearch.hppc.IntArrayList;
import com.carrotsearch.hppc.LongObjectHashMap;
import com.google.common.primitives.Ints;
import io.vec2text.Vectors;
import io.vec2text.spi.TokenContributions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.jspecify.annotations.Nullable;

/** The Gaussian process regression behind a {@link Surrogate}, whose note derives it. */
final class SurrogateFit {
  private static final double NOISE = 0.1;
  private static final double MIN_NOISE = 0.001;

  private final EvaluatedText origin;
  private final List<TrainingText> training;
  private final double[] noise;
  private final FeatureEffects effects;

  /** See {@link Surrogate#fit}. */
  SurrogateFit(
      EvaluatedText origin,
      List<EvaluatedText> pool,
      float[] target,
      int limit,
      int rank,
      @Nullable TokenContributions contributions) {
    this.origin = origin;
    training = nearest(origin, pool, limit);
    double mean = training.stream().mapToDouble(TrainingText::distance).average().orElse(0);
    noise = training.stream().mapToDouble(t -> NOISE * t.distance + MIN_NOISE * mean).toArray();
    List<float[]> steps =
        training.stream().map(t -> Vectors.subtract(t.text.vector(), origin.vector())).toList();
    RandomProjection projection = new RandomProjection(steps, target, origin.vector(), rank);
    effects = new FeatureEffects(projection, contributions);
    List<Column> columns = columns();
    effects.addTokens(
        IntStream.concat(
                Arrays.stream(origin.tokens()),
                columns.stream()
                    .mapToLong(c -> c.feature)
                    .filter(TextFeatures::isToken)
                    .mapToInt(Ints::checkedCast))
            .toArray());
    learn(columns, solve(kernel(columns), residuals(projection.project(steps))));
  }

  /** What was learned of each feature. */
  FeatureEffects effects() {
    return effects;
  }

  /**
   * A text to learn from.
   *
   * @param text the text
   * @param toOrigin product of its features with the origin's
   * @param distance squared distance of its features from the origin's, not 0
   */
  private record TrainingText(EvaluatedText text, double toOrigin, double distance) {}

  /** The texts nearest to the origin in features, of those that differ from it there. */
  private static List<TrainingText> nearest(
      EvaluatedText origin, List<EvaluatedText> pool, int limit) {
    TextFeatures o = origin.features();
    double square = o.dot(o);
    return pool.stream()
        .map(
            p -> {
              TextFeatures f = p.features();
              double toOrigin = f.dot(o);
              return new TrainingText(p, toOrigin, f.dot(f) - 2 * toOrigin + square);
            })
        .filter(t -> t.distance > 0)
        .sorted(Comparator.comparingDouble(TrainingText::distance))
        .limit(limit)
        .toList();
  }

  /** A column of the design matrix: the texts in which a feature occurs, with its values there. */
  private static final class Column {
    private final long feature;
    private final IntArrayList texts = new IntArrayList(4);
    private final FloatArrayList values = new FloatArrayList(4);

    Column(long feature) {
      this.feature = feature;
    }

    void add(int text, float value) {
      texts.add(text);
      values.add(value);
    }

    /** Adds the products of its values to the lower half of a matrix of all texts. */
    void addProducts(DMatrixRMaj kernel) {
      for (int a = 0; a < texts.size(); a++) {
        int row = texts.buffer[a] * kernel.numCols;
        double value = values.buffer[a];
        for (int b = 0; b <= a; b++) {
          kernel.data[row + texts.buffer[b]] += value * values.buffer[b];
        }
      }
    }

    /** Adds the feature's posterior mean to its effect, and sets its posterior variance. */
    void learn(float[] effect, DMatrixRMaj alpha, double[] noise) {
      int axes = alpha.numCols;
      double[] sums = new double[axes];
      double precision = 0;
      for (int a = 0; a < texts.size(); a++) {
        int text = texts.buffer[a];
        double value = values.buffer[a];
        for (int k = 0; k < axes; k++) {
          sums[k] += value * alpha.data[text * axes + k];
        }
        precision += value * value / noise[text];
      }
      for (int k = 0; k < axes; k++) {
        effect[k] += (float) sums[k];
      }
      float variance = (float) (1 / (1 + precision));
      effect[axes] = variance;
      effect[axes + 1] *= variance;
    }
  }

  private List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    LongObjectHashMap<Column> byFeature = new LongObjectHashMap<>();
    for (int i = 0; i < training.size(); i++) {
      int text = i;
      training
          .get(i)
          .text
          .features()
          .each(
              (feature, value) -> {
                Column column = byFeature.get(feature);
                if (column == null) {
                  column = new Column(feature);
                  byFeature.put(feature, column);
                  columns.add(column);
                }
                column.add(text, value);
              });
    }
    return columns;
  }

  /** K + Sigma: products of the texts' differences from the origin, and the noise. */
  private DMatrixRMaj kernel(List<Column> columns) {
    int n = training.size();
    double originSquare = origin.features().dot(origin.features());
    DMatrixRMaj kernel = new DMatrixRMaj(n, n);
    columns.forEach(c -> c.addProducts(kernel));
    for (int i = 0; i < n; i++) {
      TrainingText a = training.get(i);
      for (int j = 0; j < i; j++) {
        double k = kernel.get(i, j) - a.toOrigin - training.get(j).toOrigin + originSquare;
        kernel.set(i, j, k);
        kernel.set(j, i, k);
      }
      kernel.set(i, i, a.distance + noise[i]);
    }
    return kernel;
  }

  /** Y: the texts' steps from the origin, less what the prior mean explains, by axis. */
  private DMatrixRMaj residuals(float[][] steps) {
    int axes = steps.length;
    DMatrixRMaj residuals = new DMatrixRMaj(training.size(), axes);
    float[] from = effects.meanOfTokens(origin.tokens());
    for (int i = 0; i < training.size(); i++) {
      float[] to = effects.meanOfTokens(training.get(i).text.tokens());
      for (int k = 0; k < axes; k++) {
        residuals.set(i, k, steps[k][i] - (to[k] - from[k]));
      }
    }
    return residuals;
  }

  private static DMatrixRMaj solve(DMatrixRMaj kernel, DMatrixRMaj right) {
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(kernel.numRows);
    if (!solver.setA(kernel)) {
      throw new IllegalStateException(
          "the kernel of " + kernel.numRows + " texts is not positive definite");
    }
    DMatrixRMaj solution = new DMatrixRMaj(right.numRows, right.numCols);
    solver.solve(right, solution);
    return solution;
  }

  /** Adds the posterior mean of the weights; the origin's own features are known. */
  private void learn(List<Column> columns, DMatrixRMaj alpha) {
    int axes = effects.variance();
    columns.forEach(c -> c.learn(effects.learned(c.feature), alpha, noise));
    double[] sums = new double[axes];
    for (int i = 0; i < alpha.numRows; i++) {
      for (int k = 0; k < axes; k++) {
        sums[k] += alpha.get(i, k);
      }
    }
    origin
        .features()
        .each(
            (key, value) -> {
              float[] effect = effects.learned(key);
              for (int k = 0; k < axes; k++) {
                effect[k] -= (float) (value * sums[k]);
              }
              effect[effects.variance()] = 0;
              effect[effects.residual()] = 0;
            });
  }
}
