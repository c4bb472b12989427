package io.vec2text.search;

import com.carrotsearch.hppc.FloatArrayList;
import com.carrotsearch.hppc.IntArrayList;
import com.carrotsearch.hppc.IntIntHashMap;
import com.carrotsearch.hppc.LongObjectHashMap;
import com.carrotsearch.hppc.cursors.LongObjectCursor;
import com.google.common.primitives.ImmutableLongArray;
import com.google.common.primitives.Ints;
import io.vec2text.Vectors;
import io.vec2text.spi.TokenContributions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
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
 * <p>Where {@link TokenContributions} are known, the regression learns only what they leave
 * unexplained: they are its prior mean, and all that it knows of a word that no known text has.
 */
final class Surrogate {
  private static final double NOISE = 0.1;
  private static final double MIN_NOISE = 0.001;
  private static final double MIN_VARIANCE = 1e-3;

  /** The first two axes. */
  private static final int TARGET = 0;

  private static final int ORIGIN = 1;

  /**
   * Part that the square of a word's vector residualVariance the axes has in the square of a
   * text's, times the text's length. Without it, a word that no known text has would seem to bring
   * a text closer than it can.
   */
  private static final float RESIDUAL_SHARE = 0.02f;

  /**
   * What an occurrence of a feature adds along each axis; how little is known of it, 0 to 1; and
   * what it adds to the square of the vector residualVariance the axes, as far as it is not known.
   */
  private final LongObjectHashMap<float[]> rows = new LongObjectHashMap<>();

  /** The row of all features of which nothing is known. */
  private final float[] unknown;

  private final @Nullable TokenContributions words;
  private final float[][] axes;
  private final int posteriorVariance;
  private final int residualVariance;
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
      EvaluatedText origin,
      List<EvaluatedText> pool,
      float[] target,
      int limit,
      int rank,
      @Nullable TokenContributions words) {
    this.words = words;
    TextFeatures o = origin.features();
    List<Known> known = nearest(origin, pool, limit);
    double mean = known.stream().mapToDouble(Known::distance).average().orElse(0);
    double[] noise =
        known.stream().mapToDouble(k -> NOISE * k.distance + MIN_NOISE * mean).toArray();
    List<float[]> steps =
        known.stream().map(k -> Vectors.subtract(k.evaluated.vector(), origin.vector())).toList();
    axes = axes(steps, target, origin, rank);
    posteriorVariance = axes.length;
    residualVariance = posteriorVariance + 1;
    unknown = new float[residualVariance + 1];
    unknown[posteriorVariance] = 1;
    List<Column> columns = columns(known);
    read(
        IntStream.concat(
                Arrays.stream(origin.tokens()),
                columns.stream()
                    .mapToLong(c -> c.feature)
                    .filter(TextFeatures::isToken)
                    .mapToInt(Ints::checkedCast))
            .toArray());
    DMatrixRMaj unexplained = unexplained(steps, known, origin);
    DMatrixRMaj weights = solve(kernel(known, columns, o.dot(o), noise), unexplained);

    columns.forEach(c -> c.learn(learned(c.feature), weights, noise));
    double[] all = new double[posteriorVariance];
    for (int i = 0; i < weights.numRows; i++) {
      for (int k = 0; k < posteriorVariance; k++) {
        all[k] += weights.get(i, k);
      }
    }
    o.each(
        (key, value) -> {
          float[] row = learned(key);
          for (int k = 0; k < posteriorVariance; k++) {
            row[k] -= (float) (value * all[k]);
          }
          row[posteriorVariance] = 0;
          row[residualVariance] = 0;
        });

    originMeans = sums(origin.tokens());
    for (int k = 0; k < posteriorVariance; k++) {
      originMeans[k] /= origin.tokens().length;
    }
    originCosine = Vectors.dot(origin.vector(), target);
  }

  /**
   * A text to learn from.
   *
   * @param evaluated the text
   * @param toOrigin product of its features with the origin's
   * @param distance squared distance of its features from the origin's, not 0
   */
  private record Known(EvaluatedText evaluated, double toOrigin, double distance) {}

  /** The texts nearest to the origin in features, of those that differ from it there. */
  private static List<Known> nearest(EvaluatedText origin, List<EvaluatedText> pool, int limit) {
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
      float posteriorVariance = (float) (1 / (1 + known));
      row[axes] = posteriorVariance;
      row[axes + 1] *= posteriorVariance;
    }
  }

  private static List<Column> columns(List<Known> known) {
    List<Column> columns = new ArrayList<>();
    LongObjectHashMap<Column> byFeature = new LongObjectHashMap<>();
    for (int i = 0; i < known.size(); i++) {
      int text = i;
      known
          .get(i)
          .evaluated
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
  float[] row(long key) {
    return TextFeatures.isToken(key) ? learned(key) : rows.getOrDefault(key, unknown);
  }

  /** The row of a feature, to learn what it adds. */
  private float[] learned(long key) {
    float[] row = rows.get(key);
    if (row == null) {
      if (TextFeatures.isToken(key)) {
        read(new int[] {(int) key});
        return rows.get(key);
      }
      row = unknown.clone();
      rows.put(key, row);
    }
    return row;
  }

  /** Makes the rows of tokens of which nothing is known yet. */
  private void read(int[] tokens) {
    int[] unread = Arrays.stream(tokens).distinct().filter(t -> !rows.containsKey(t)).toArray();
    for (int token : unread) {
      rows.put(token, unknown.clone());
    }
    if (words != null) {
      List<float[]> vectors = Arrays.stream(unread).mapToObj(words::of).toList();
      float[][] adds = products(axes, vectors);
      for (int i = 0; i < unread.length; i++) {
        float[] row = rows.get(unread[i]);
        double rest = Vectors.dot(vectors.get(i), vectors.get(i));
        for (int k = 0; k < posteriorVariance; k++) {
          row[k] = adds[k][i];
          rest -= k > ORIGIN ? row[k] * row[k] : 0;
        }
        row[residualVariance] = RESIDUAL_SHARE * (float) Math.max(0, rest);
      }
    }
  }

  /** What words alone leave unexplained of the known texts' steps from the origin, by axis. */
  private DMatrixRMaj unexplained(List<float[]> steps, List<Known> known, EvaluatedText origin) {
    DMatrixRMaj unexplained = new DMatrixRMaj(steps.size(), posteriorVariance);
    float[][] products = products(axes, steps);
    float[] from = meanOfWords(origin.tokens());
    for (int i = 0; i < steps.size(); i++) {
      float[] to = meanOfWords(known.get(i).evaluated.tokens());
      for (int k = 0; k < posteriorVariance; k++) {
        unexplained.set(i, k, products[k][i] - (to[k] - from[k]));
      }
    }
    return unexplained;
  }

  private float[] meanOfWords(int[] tokens) {
    float[] mean = new float[residualVariance + 1];
    for (int token : tokens) {
      add(mean, 1f / tokens.length, row(token));
    }
    return mean;
  }

  /** The products of each of the axes with each of some vectors. */
  private static float[][] products(float[][] axes, List<float[]> vectors) {
    // A component of all vectors side by side: that makes long loops, which run on vector units.
    float[][] components = new float[axes[0].length][vectors.size()];
    for (int i = 0; i < vectors.size(); i++) {
      float[] vector = vectors.get(i);
      for (int d = 0; d < vector.length; d++) {
        components[d][i] = vector[d];
      }
    }
    float[][] products = new float[axes.length][vectors.size()];
    for (int k = 0; k < axes.length; k++) {
      for (int d = 0; d < components.length; d++) {
        add(products[k], axes[k][d], components[d]);
      }
    }
    return products;
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
  private static float[][] axes(
      List<float[]> steps, float[] target, EvaluatedText origin, int rank) {
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

  /** {@code to += factor * vector}. */
  static void add(float[] to, float factor, float[] vector) {
    for (int k = 0; k < to.length; k++) {
      to[k] += factor * vector[k];
    }
  }

  /** The sums of a text, of what its features add. */
  float[] sums(int[] tokens) {
    float[] sums = new float[residualVariance + 1];
    TextFeatures.each(tokens, (key, weight) -> addFeature(sums, key, weight));
    return sums;
  }

  /** Adds occurrences of a feature to sums, or takes them away. */
  void addFeature(float[] sums, long key, float occurrences) {
    addRow(sums, occurrences, row(key));
  }

  /** Adds occurrences of a feature to sums, given its {@linkplain #row row}. */
  void addRow(float[] sums, float occurrences, float[] row) {
    if (row == unknown) {
      sums[posteriorVariance] += occurrences;
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
          if (row == null || row[posteriorVariance] == 1) {
            features.add(key);
          }
        });
    return features.build();
  }

  /**
   * How many times what a text is expected to gain over the origin, in cosine and in fluency, makes
   * how promising it is: it is measured in units of how uncertain the features that the origin
   * lacks make it. The more promising, the more probable it is that the text is the better one.
   *
   * @param length how many tokens it has, at least 1
   * @param posteriorVariance of its sums
   */
  static double inverseStdDev(int length, float posteriorVariance) {
    return length / Math.sqrt(MIN_VARIANCE + Math.max(0, posteriorVariance));
  }

  /** How much in sums is of features that the origin lacks, as far as they are unknown. */
  float posteriorVariance(float[] sums) {
    return sums[posteriorVariance];
  }

  /** How much closer to the target than the origin a text is expected to be, in cosine. */
  double expectedGain(float[] sums, int length) {
    float scale = 1f / length;
    double toTarget = originCosine + step(sums, scale, TARGET);
    // Four sums, so that none waits for the one before.
    float s0 = 1 + 2 * step(sums, scale, ORIGIN) + scale * sums[residualVariance];
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int k = 2;
    for (; k + 3 < posteriorVariance; k += 4) {
      s0 += square(step(sums, scale, k));
      s1 += square(step(sums, scale, k + 1));
      s2 += square(step(sums, scale, k + 2));
      s3 += square(step(sums, scale, k + 3));
    }
    for (; k < posteriorVariance; k++) {
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

  /** Words that may be written: what they add to the sums of a text, for all of them at once. */
  Words words(int[] tokens) {
    return new Words(tokens);
  }

  /** See {@link #words(int[])}. */
  final class Words {
    private final int[] tokens;

    /** As rows, but by what is added first, then by word. */
    private final float[][] adds;

    /**
     * Of each feature of two tokens with a gap for one of them the words with which it is known.
     */
    private final LongObjectHashMap<BitSet> met = new LongObjectHashMap<>();

    private final float[] gains;
    private final float[] squares;

    private Words(int[] tokens) {
      this.tokens = tokens;
      read(tokens);
      gains = new float[tokens.length];
      squares = new float[tokens.length];
      adds = new float[residualVariance + 1][tokens.length];
      IntIntHashMap places = new IntIntHashMap(tokens.length);
      for (int i = 0; i < tokens.length; i++) {
        places.put(tokens[i], i);
        float[] row = row(tokens[i]);
        for (int k = 0; k < row.length; k++) {
          adds[k][i] = row[k];
        }
      }
      for (LongObjectCursor<float[]> c : rows) {
        if (!TextFeatures.isToken(c.key)) {
          int first = places.getOrDefault(TextFeatures.first(c.key), -1);
          int second = places.getOrDefault(TextFeatures.second(c.key), -1);
          if (first >= 0) {
            meet(TextFeatures.withFirst(c.key, EditEvaluator.MASK), first);
          }
          if (second >= 0) {
            meet(TextFeatures.withSecond(c.key, EditEvaluator.MASK), second);
          }
        }
      }
    }

    private void meet(long key, int word) {
      BitSet words = met.get(key);
      if (words == null) {
        words = new BitSet(tokens.length);
        met.put(key, words);
      }
      words.set(word);
    }

    int token(int word) {
      return tokens[word];
    }

    float posteriorVariance(int word) {
      return adds[posteriorVariance][word];
    }

    /**
     * The words that make a known feature with any of the tokens around a gap, of which those two
     * tokens away are gaps themselves where nothing stands there.
     */
    BitSet metBeside(int twoBefore, int before, int after, int twoAfter) {
      BitSet words = new BitSet(tokens.length);
      addMet(words, TextFeatures.apart(twoBefore, EditEvaluator.MASK));
      addMet(words, TextFeatures.neighbours(before, EditEvaluator.MASK));
      addMet(words, TextFeatures.neighbours(EditEvaluator.MASK, after));
      addMet(words, TextFeatures.apart(EditEvaluator.MASK, twoAfter));
      return words;
    }

    private void addMet(BitSet words, long key) {
      BitSet more = met.get(key);
      if (more != null) {
        words.or(more);
      }
    }

    /**
     * The {@linkplain Surrogate#expectedGain expected gain} of a text with each of the words, as
     * far as it does not hang on their neighbours.
     *
     * @param sums the sums of the text without the word
     * @param length how many tokens it has with the word
     * @return one for each word, until the next call
     */
    float[] expectedGains(float[] sums, int length) {
      float scale = 1f / length;
      float origin = 1 + 2 * step(sums, scale, ORIGIN) + scale * sums[residualVariance];
      for (int i = 0; i < squares.length; i++) {
        squares[i] = origin + scale * (2 * adds[ORIGIN][i] + adds[residualVariance][i]);
      }
      for (int k = ORIGIN + 1; k < posteriorVariance; k++) {
        float step = step(sums, scale, k);
        float[] add = adds[k];
        for (int i = 0; i < squares.length; i++) {
          float s = step + scale * add[i];
          squares[i] += s * s;
        }
      }
      float toTarget = (float) originCosine + step(sums, scale, TARGET);
      for (int i = 0; i < gains.length; i++) {
        gains[i] =
            (float)
                ((toTarget + scale * adds[TARGET][i]) / Math.sqrt(Math.max(0.01, squares[i]))
                    - originCosine);
      }
      return gains;
    }
  }
}
