package io.vec2text.eval.internal.defence;

import java.util.HashSet;
import java.util.Set;
import org.ejml.data.DMatrixRMaj;
import org.jgrapht.alg.matching.KuhnMunkresMinimalWeightBipartitePerfectMatching;
import org.jgrapht.graph.DefaultWeightedEdge;
import org.jgrapht.graph.SimpleWeightedGraph;

/**
 * Undoes a shuffle: assigns each stored component to the original one that it follows most closely
 * over the known pairs, at the least sum of squared differences (Hungarian method, Kuhn 1955).
 */
final class Assignment {
  private Assignment() {}

  /**
   * Fits the assignment.
   *
   * @param signs whether a stored component may be the negative of an original one
   */
  static Attack fit(KnownPairs pairs, boolean signs) {
    DMatrixRMaj x = pairs.originalRows();
    DMatrixRMaj y = pairs.storedRows();
    int dimension = x.getNumCols();
    SimpleWeightedGraph<Integer, DefaultWeightedEdge> graph =
        new SimpleWeightedGraph<>(DefaultWeightedEdge.class);
    Set<Integer> originals = new HashSet<>();
    Set<Integer> stored = new HashSet<>();
    for (int i = 0; i < dimension; i++) {
      originals.add(i);
      stored.add(dimension + i);
      graph.addVertex(i);
      graph.addVertex(dimension + i);
    }
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j < dimension; j++) {
        double same = squaredDifference(x, i, y, j, 1);
        double cost = signs ? Math.min(same, squaredDifference(x, i, y, j, -1)) : same;
        graph.setEdgeWeight(graph.addEdge(i, dimension + j), cost);
      }
    }
    int[] from = new int[dimension];
    int[] sign = new int[dimension];
    for (DefaultWeightedEdge edge :
        new KuhnMunkresMinimalWeightBipartitePerfectMatching<>(graph, originals, stored)
            .getMatching()) {
      int i = graph.getEdgeSource(edge);
      int j = graph.getEdgeTarget(edge) - dimension;
      from[i] = j;
      boolean negative =
          signs && squaredDifference(x, i, y, j, -1) < squaredDifference(x, i, y, j, 1);
      sign[i] = negative ? -1 : 1;
    }
    return vector -> {
      float[] restored = new float[dimension];
      for (int i = 0; i < dimension; i++) {
        restored[i] = sign[i] * vector[from[i]];
      }
      return restored;
    };
  }

  private static double squaredDifference(DMatrixRMaj x, int i, DMatrixRMaj y, int j, int sign) {
    double sum = 0;
    for (int row = 0; row < x.getNumRows(); row++) {
      double difference = x.get(row, i) - sign * y.get(row, j);
      sum += difference * difference;
    }
    return sum;
  }
}
