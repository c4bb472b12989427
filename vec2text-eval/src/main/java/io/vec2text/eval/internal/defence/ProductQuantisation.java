package io.vec2text.eval.internal.defence;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSet;
import io.vec2text.eval.internal.setup.VectorMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.hipparchus.clustering.CentroidCluster;
import org.hipparchus.clustering.DoublePoint;
import org.hipparchus.clustering.KMeansPlusPlusClusterer;
import org.hipparchus.clustering.distance.EuclideanDistance;
import org.hipparchus.random.Well19937c;

/**
 * Product quantisation (Jégou et al. 2011): the vector is cut into parts of equal dimension, and of
 * each part only the nearest of 256 centroids is kept, as one byte. The code book is fitted to the
 * corpus by k-means. It lies with the index, so that an attacker reads the centroids; queries keep
 * their components (asymmetric distance).
 */
final class ProductQuantisation extends Defence {
  private static final int CENTROIDS = 256;
  private static final int SAMPLE = 16 * CENTROIDS;
  private static final int ITERATIONS = 10;

  private final int parts;

  ProductQuantisation(int parts) {
    super("pq:" + parts);
    checkArgument(parts > 0, "pq: parts must be at least 1, were %s", parts);
    this.parts = parts;
  }

  @Override
  void check(int dimension) {
    require(dimension % parts == 0, "a number of parts that divides it", dimension);
  }

  @Override
  Transform fit(VectorMatrix corpus, long key) {
    check(corpus.dimension());
    List<Integer> rows = new ArrayList<>(IntStream.range(0, corpus.rows()).boxed().toList());
    Collections.shuffle(rows, new Random(key));
    List<float[]> sample = rows.stream().limit(SAMPLE).map(corpus::row).toList();
    int length = corpus.dimension() / parts;
    float[][][] book = new float[parts][][];
    for (int p = 0; p < parts; p++) {
      int start = p * length;
      book[p] =
          centroids(
              sample.stream().map(v -> Arrays.copyOfRange(v, start, start + length)).toList(),
              key + p);
    }
    return vector -> {
      float[] stored = new float[vector.length];
      for (int p = 0; p < parts; p++) {
        System.arraycopy(nearest(book[p], vector, p * length), 0, stored, p * length, length);
      }
      return stored;
    };
  }

  private static float[][] centroids(List<float[]> vectors, long seed) {
    // As lists they are equal if their numbers are, and k-means can't tell equal ones apart.
    ImmutableSet<DoublePoint> points =
        vectors.stream().map(ProductQuantisation::point).collect(ImmutableSet.toImmutableSet());
    List<CentroidCluster<DoublePoint>> clusters =
        new KMeansPlusPlusClusterer<DoublePoint>(
                Math.min(CENTROIDS, points.size()),
                ITERATIONS,
                new EuclideanDistance(),
                new Well19937c(seed))
            .cluster(points);
    return clusters.stream().map(c -> floats(c.getCenter().getPoint())).toArray(float[][]::new);
  }

  private static DoublePoint point(float[] vector) {
    return new DoublePoint(IntStream.range(0, vector.length).mapToDouble(i -> vector[i]).toArray());
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static float[] nearest(float[][] centroids, float[] vector, int start) {
    float[] nearest = centroids[0];
    double least = Double.MAX_VALUE;
    for (float[] centroid : centroids) {
      double distance = 0;
      for (int i = 0; i < centroid.length; i++) {
        double difference = vector[start + i] - centroid[i];
        distance += difference * difference;
      }
      if (distance < least) {
        least = distance;
        nearest = centroid;
      }
    }
    return nearest;
  }
}
