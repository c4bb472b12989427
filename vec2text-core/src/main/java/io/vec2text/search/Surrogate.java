package io.vec2text.search;

import com.carrotsearch.hppc.FloatArrayList;
import com.carrotsearch.hppc.IntArrayList;
import com.carrotsearch.hppc.LongObjectHashMap;
import com.google.common.primitives.ImmutableLongArray;
import io.vec2text.Vectors;
import io.vec2text.WordVectors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.jspecify.annotations.Nullable;

/**
 * Predicts the vectors of texts that were never embedded from those that were: Gaussian process
 * regression (Rasmussen and Williams 2006, section 2.2) of what a text's difference from one text,
 * the origin, does to the vector, with the product of {@link TextFeatures} as its kernel. A known
 * text's noise grows with its distance from the origin, so that the nearest ones count most.
 *
 * <p>The kernel is linear in the features, so the regression comes down to what an occurrence of
 * each feature adds to the vector. The sum of that over a text, kept by the caller, is all that a
 * prediction needs, and a changed text's sum differs by the few features that the change touches.
 * Vectors are only needed as products with the target, with the origin's vector and with the
 * directions in which the known vectors differ most.
 *
 * <p>Where {@link WordVectors} are known, the regression learns only what they leave unexplained:
 * they are its prior mean, and all that it knows of a word that no known text has.
 */
final class Surrogate {
  private static final double NOISE = 0.1;
  private static final double LEAST_NOISE = 0.001;
  private static final double LEAST_NOVELTY = 1e-3;

  /** The first two axes. */
  private static final int TARGET = 0;

  private static final int ORIGIN = 1;

  /**
   * What an occurrence of a feature adds along each axis, and how little is known of it, 0 to 1.
   */
  private final LongObjectHashMap<float[]> rows = new LongObjectHashMap<>();

  private final @Nullable WordVectors words;
  private final float[][] axes;
  private final int novelty;
  private final float[] originMeans;
  private final double originCosine;

  /**
   * Fits the regression.
   *
   * @param origin a text, not empty, whose tokens are known
   * @param pool texts whose tokens are known, none of them empty
   * @param target the vector to approach
   * @param limit how many of the pool, nearest first, to learn from
   * @param rank directions kept of the space of vectors
   * @param words what words add to a vector, if somebody can tell
   */
  Surrogate(
      Paid origin,
      List<Paid> pool,
      float[] target,
      int limit,
      int rank,
      @Nullable WordVectors words) {
    this.words = words;
    TextFeatures o = origin.features();
    List<Known> known = nearest(origin, pool, limit);
    double mean = known.stream().mapToDouble(Known::distance).average().orElse(0);
    double[] noise =
        known.stream().mapToDouble(k -> NOISE * k.distance + LEAST_NOISE * mean).toArray();
    List<float[]> steps =
        known.stream().map(k -> Vectors.subtract(k.paid.vector(), origin.vector())).toList();
    axes = axes(steps, target, origin, rank);
    novelty = axes.length;
    List<Column> columns = columns(known);
    DMatrixRMaj unexplained = products(steps, List.of(axes));
    CommonOps_DDRM.subtractEquals(unexplained, expected(known, origin));
    DMatrixRMaj weights = solve(kernel(known, columns, o.dot(o), noise), unexplained);

    columns.forEach(c -> c.learn(row(c.feature), weights, noise));
    double[] all = new double[novelty];
    for (int i = 0; i < weights.numRows; i++) {
      for (int k = 0; k < novelty; k++) {
        all[k] += weights.get(i, k);
      }
    }
    o.each(
        (key, value) -> {
          float[] row = row(key);
          for (int k = 0; k < novelty; k++) {
            row[k] -= (float) (value * all[k]);
          }
          row[novelty] = 0;
        });

    originMeans = sums(origin.tokens());
    for (int k = 0; k < novelty; k++) {
      originMeans[k] /= origin.tokens().length;
    }
    originCosine = Vectors.dot(origin.vector(), target);
  }

  /**
   * A text to learn from.
   *
   * @param paid the text
   * @param toOrigin product of its features with the origin's
   * @param distance squared distance of its features from the origin's, not 0
   */
  private record Known(Paid paid, double toOrigin, double distance) {}

  /** The texts nearest to the origin in features, of those that differ from it there. */
  private static List<Known> nearest(Paid origin, List<Paid> pool, int limit) {
    TextFeatures o = origin.features();
    double square = o.dot(o);
    return pool.stream()
        .map(
            p -> {
              TextFeatures f = p.features();
              double toOrigin = f.dot(o);
              return new Known(p, toOrigin, f.dot(f) - 2 * toOrigin + square);
            })
        .filter(k -> k.distance > 0)
        .sorted(Comparator.comparingDouble(Known::distance))
        .limit(limit)
        .toList();
  }

  /** The texts in which a feature occurs, with its values there. */
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

    /** Adds what was learned to a row of {@link Surrogate#rows}. */
    void learn(float[] row, DMatrixRMaj weights, double[] noise) {
      int axes = weights.numCols;
      double[] sums = new double[axes];
      double known = 0;
      for (int a = 0; a < texts.size(); a++) {
        int text = texts.buffer[a];
        double value = values.buffer[a];
        for (int k = 0; k < axes; k++) {
          sums[k] += value * weights.data[text * axes + k];
        }
        known += value * value / noise[text];
      }
      for (int k = 0; k < axes; k++) {
        row[k] += (float) sums[k];
      }
      row[axes] = (float) (1 / (1 + known));
    }
  }

  private static List<Column> columns(List<Known> known) {
    List<Column> columns = new ArrayList<>();
    LongObjectHashMap<Column> byFeature = new LongObjectHashMap<>();
    for (int i = 0; i < known.size(); i++) {
      int text = i;
      known
          .get(i)
          .paid
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

  /** The products of the texts' differences from the origin, with the noise on the diagonal. */
  private static DMatrixRMaj kernel(
      List<Known> known, List<Column> columns, double originSquare, double[] noise) {
    int n = known.size();
    DMatrixRMaj kernel = new DMatrixRMaj(n, n);
    columns.forEach(c -> c.addProducts(kernel));
    for (int i = 0; i < n; i++) {
      Known a = known.get(i);
      for (int j = 0; j < i; j++) {
        double k = kernel.get(i, j) - a.toOrigin - known.get(j).toOrigin + originSquare;
        kernel.set(i, j, k);
        kernel.set(j, i, k);
      }
      kernel.set(i, i, a.distance + noise[i]);
    }
    return kernel;
  }

  /** The row of a feature; as long as nothing is learned of it, of what its word adds at large. */
  private float[] row(long key) {
    float[] row = rows.get(key);
    if (row == null) {
      row = new float[novelty + 1];
      if (words != null && TextFeatures.isToken(key)) {
        float[] word = words.of((int) key);
        for (int k = 0; k < novelty; k++) {
          row[k] = (float) Vectors.dot(axes[k], word);
        }
      }
      row[novelty] = 1;
      rows.put(key, row);
    }
    return row;
  }

  /** What words alone say of the known texts' differences from the origin, along each axis. */
  private DMatrixRMaj expected(List<Known> known, Paid origin) {
    DMatrixRMaj expected = new DMatrixRMaj(known.size(), novelty);
    float[] from = meanOfWords(origin.tokens());
    for (int i = 0; i < known.size(); i++) {
      float[] to = meanOfWords(known.get(i).paid.tokens());
      for (int k = 0; k < novelty; k++) {
        expected.set(i, k, to[k] - from[k]);
      }
    }
    return expected;
  }

  private float[] meanOfWords(int[] tokens) {
    float[] mean = new float[novelty + 1];
    for (int token : tokens) {
      add(mean, 1f / tokens.length, row(token));
    }
    return mean;
  }

  private static DMatrixRMaj products(List<float[]> steps, List<float[]> axes) {
    int dimension = axes.get(0).length;
    DMatrixRMaj columns = CommonOps_DDRM.transpose(rows(axes, dimension), null);
    return CommonOps_DDRM.mult(rows(steps, dimension), columns, null);
  }

  private static DMatrixRMaj rows(List<float[]> vectors, int dimension) {
    DMatrixRMaj rows = new DMatrixRMaj(vectors.size(), dimension);
    for (int i = 0; i < vectors.size(); i++) {
      for (int k = 0; k < dimension; k++) {
        rows.set(i, k, vectors.get(i)[k]);
      }
    }
    return rows;
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

  /**
   * The target, the origin's vector and an orthonormal basis of a random sketch of the steps
   * (Halko, Martinsson and Tropp 2011), which spans their main directions.
   */
  private static float[][] axes(List<float[]> steps, float[] target, Paid origin, int rank) {
    int basis = Math.min(rank, steps.size());
    float[][] axes = new float[2 + basis][target.length];
    axes[TARGET] = target;
    axes[ORIGIN] = origin.vector();
    SplittableRandom random = new SplittableRandom(0);
    for (int k = 2; k < axes.length; k++) {
      for (float[] step : steps) {
        add(axes[k], random.nextBoolean() ? 1 : -1, step);
      }
      // The second pass removes what rounding left of the first.
      for (int pass = 0; pass < 2; pass++) {
        for (int l = 2; l < k; l++) {
          add(axes[k], (float) -Vectors.dot(axes[k], axes[l]), axes[l]);
        }
        double norm = Vectors.norm(axes[k]);
        if (norm > 0) {
          axes[k] = Vectors.unit(axes[k]);
        }
      }
    }
    return axes;
  }

  private static void add(float[] to, float factor, float[] vector) {
    for (int k = 0; k < to.length; k++) {
      to[k] += factor * vector[k];
    }
  }

  /** The sums of a text, for {@link #promise}. */
  float[] sums(int[] tokens) {
    float[] sums = new float[novelty + 1];
    TextFeatures.each(tokens, (key, weight) -> addFeature(sums, key, weight));
    return sums;
  }

  /** Adds occurrences of a feature to sums, or takes them away. */
  void addFeature(float[] sums, long key, float occurrences) {
    float[] row = TextFeatures.isToken(key) ? row(key) : rows.get(key);
    if (row == null) {
      sums[novelty] += occurrences;
    } else {
      add(sums, occurrences, row);
    }
  }

  /** The features of a text that no text learned from has. */
  ImmutableLongArray unknownFeatures(int[] tokens) {
    ImmutableLongArray.Builder features = ImmutableLongArray.builder();
    TextFeatures.each(
        tokens,
        (key, weight) -> {
          float[] row = rows.get(key);
          if (row == null || row[novelty] == 1) {
            features.add(key);
          }
        });
    return features.build();
  }

  /**
   * How promising a text is: its expected cosine with the target and its fluency, less the
   * origin's, in units of how uncertain the features that the origin lacks make it. The higher, the
   * more probable it is that the text is better than the origin.
   *
   * @param sums its sums
   * @param length how many tokens it has, at least 1
   * @param fluency how much more its fluency is worth than the origin's
   */
  double promise(float[] sums, int length, double fluency) {
    double gain = expectedGain(sums, length) + fluency;
    return gain * length / Math.sqrt(LEAST_NOVELTY + Math.max(0, sums[novelty]));
  }

  /** How much closer to the target than the origin a text is expected to be, in cosine. */
  double expectedGain(float[] sums, int length) {
    float scale = 1f / length;
    double toTarget = originCosine + step(sums, scale, TARGET);
    // Four sums, so that none waits for the one before.
    float s0 = 1 + 2 * step(sums, scale, ORIGIN);
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int k = 2;
    for (; k + 3 < novelty; k += 4) {
      s0 += square(step(sums, scale, k));
      s1 += square(step(sums, scale, k + 1));
      s2 += square(step(sums, scale, k + 2));
      s3 += square(step(sums, scale, k + 3));
    }
    for (; k < novelty; k++) {
      s0 += square(step(sums, scale, k));
    }
    return toTarget / Math.sqrt(Math.max(0.01, s0 + s1 + (s2 + s3))) - originCosine;
  }

  private float step(float[] sums, float scale, int k) {
    return sums[k] * scale - originMeans[k];
  }

  private static float square(float x) {
    return x * x;
  }
}
