package io.vec2text.bridge;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.Doubles;
import com.google.common.primitives.Floats;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Vectors;
import io.vec2text.spi.VectorStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What was learned of two spaces from texts embedded by both.
 *
 * @param map from the new space into the base space, by (kernel) ridge regression, whichever does
 *     better on pairs held out
 * @param contributions what each token of the base tokenization adds to a vector of the new space,
 *     float [vocabulary][dimension]
 * @param statistics how the vectors of the new space are distributed
 * @param pairs how many texts it was learned from
 * @param cosine mean cosine of the images of pairs held out with their vectors in the base space
 * @param explained part of the variance of vectors held out that the contributions explain
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record BridgeFit(
    SpaceMap map,
    float[][] contributions,
    VectorStatistics statistics,
    int pairs,
    double cosine,
    double explained) {

  private static final double HELD_OUT_SHARE = 0.1;
  private static final int MAX_HELD_OUT = 1000;
  private static final int MAX_LANDMARKS = 2000;
  private static final int TEXTS_PER_LANDMARK = 4;

  /** Variance of unit vectors below which nothing in them varies. */
  private static final double MIN_VARIANCE = 1e-6;

  /**
   * Learns.
   *
   * @param space the new space
   * @param base the base space
   * @param tokenFeatures what is known of each token of the base tokenization, best its
   *     contribution in the base space, float [vocabulary][features]
   * @throws IllegalArgumentException if a vector is not one of its space, or nothing in the vectors
   *     varies
   */
  public static BridgeFit of(
      EmbeddingSpace space, EmbeddingSpace base, CalibrationPairs pairs, float[][] tokenFeatures) {
    pairs.check(space, base);
    List<Integer> order = pairs.shuffled();
    int held = (int) Math.min(MAX_HELD_OUT, HELD_OUT_SHARE * pairs.size());
    List<Integer> fitted = order.subList(held, order.size());
    List<Integer> left = order.subList(0, held);
    checkVaries(pairs.vectors(), space);

    float[][] x = rows(pairs.vectors(), fitted);
    float[][] heldX = rows(pairs.vectors(), left);
    float[][] y = rows(pairs.baseVectors(), fitted);
    float[][] heldY = rows(pairs.baseVectors(), left);
    SpaceMapFit.Fitted linear = new SpaceMapFit(x, y, 0).best(heldX, heldY);
    int landmarks = Math.min(MAX_LANDMARKS, x.length / TEXTS_PER_LANDMARK);
    SpaceMapFit.Fitted curved = new SpaceMapFit(x, y, landmarks).best(heldX, heldY);
    SpaceMapFit.Fitted best = curved.cosine() > linear.cosine() ? curved : linear;

    float[] mean = mean(x);
    List<int[]> tokens = new ArrayList<>();
    List<float[]> centred = new ArrayList<>();
    for (int i : fitted) {
      if (pairs.tokens().get(i).length > 0) {
        tokens.add(pairs.tokens().get(i));
        centred.add(Vectors.subtract(pairs.vectors()[i], mean));
      }
    }
    float[][] contributions =
        new ContributionFit(tokens, tokenFeatures, space.dimension())
            .contributions(centred.toArray(new float[0][]));
    return new BridgeFit(
        best.map(),
        contributions,
        StatisticsFit.of(Arrays.asList(x), Arrays.asList(heldX)),
        pairs.size(),
        best.cosine(),
        explained(pairs, left, mean, contributions));
  }

  private static void checkVaries(float[][] vectors, EmbeddingSpace space) {
    float[] mean = mean(vectors);
    double variance = 0;
    double square = 0;
    for (float[] v : vectors) {
      float[] d = Vectors.subtract(v, mean);
      variance += Vectors.dot(d, d);
      square += Vectors.dot(v, v);
    }
    checkArgument(
        variance > MIN_VARIANCE * square,
        "all texts have the same vector in %s: nothing can be learned; expected different texts",
        space);
  }

  private static double explained(
      CalibrationPairs pairs, List<Integer> left, float[] mean, float[][] contributions) {
    double all = 0;
    double unexplained = 0;
    for (int i : left) {
      float[] v = Vectors.subtract(pairs.vectors()[i], mean);
      all += Vectors.dot(v, v);
      int[] tokens = pairs.tokens().get(i);
      for (int token : tokens) {
        for (int k = 0; k < v.length; k++) {
          v[k] -= contributions[token][k] / tokens.length;
        }
      }
      unexplained += Vectors.dot(v, v);
    }
    return 1 - unexplained / all;
  }

  private static float[] mean(float[][] vectors) {
    return Floats.toArray(Doubles.asList(SpaceMapFit.mean(vectors)));
  }

  private static float[][] rows(float[][] vectors, List<Integer> indices) {
    float[][] rows = new float[indices.size()][];
    Arrays.setAll(rows, i -> vectors[indices.get(i)]);
    return rows;
  }

  /** The figures. */
  @Override
  public String toString() {
    return "BridgeFit[pairs=%d, cosine=%.3f, explained=%.3f]".formatted(pairs, cosine, explained);
  }
}
