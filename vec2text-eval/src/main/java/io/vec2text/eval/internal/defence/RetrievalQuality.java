package io.vec2text.eval.internal.defence;

import com.google.common.collect.ImmutableList;
import io.vec2text.Vectors;
import io.vec2text.eval.Summary;
import io.vec2text.eval.internal.setup.VectorMatrix;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How well a search finds the relevant documents, as trec_eval computes it and BEIR reports it:
 * means over all judged queries, one without any relevant document counting 0.
 *
 * @param ndcg NDCG@10, in [0, 1]
 * @param recall recall@100, in [0, 1]
 */
public record RetrievalQuality(Summary ndcg, Summary recall) {
  private static final int NDCG_DEPTH = 10;
  private static final int RECALL_DEPTH = 100;

  /**
   * Searches the stored documents for each query, exhaustively and by cosine.
   *
   * @param collection documents, queries and judgements
   * @param documents vectors of the documents, in order
   * @param queries vectors of the queries, in order
   * @param transform what the store does to documents and queries
   * @param seed seed of the intervals
   */
  static RetrievalQuality of(
      RetrievalCollection collection,
      VectorMatrix documents,
      VectorMatrix queries,
      Transform transform,
      long seed) {
    // A stored vector may have become zero; its cosines then count as zero, too.
    VectorMatrix stored =
        documents.map(
            v -> {
              float[] kept = transform.store(v);
              return Vectors.norm(kept) == 0 ? kept : Vectors.unit(kept);
            });
    List<String> ids = collection.documents().stream().map(RetrievalCollection.Text::id).toList();
    double[] ndcg = new double[queries.rows()];
    double[] recall = new double[queries.rows()];
    for (int q = 0; q < ndcg.length; q++) {
      float[] query = transform.query(queries.row(q));
      float[] scores = new float[stored.rows()];
      for (int d = 0; d < scores.length; d++) {
        scores[d] = stored.dot(d, query);
      }
      Map<String, Integer> relevance =
          collection.judgements().getOrDefault(collection.queries().get(q).id(), Map.of());
      List<String> ranking = ranking(ids, scores);
      ndcg[q] = ndcg(ranking, relevance);
      recall[q] = recall(ranking, relevance);
    }
    return new RetrievalQuality(Summary.of(ndcg, seed), Summary.of(recall, seed));
  }

  /**
   * The documents of the highest scores, at most 100. Of equal scores, the identifier that is last
   * by its characters comes first, as in trec_eval.
   */
  static List<String> ranking(List<String> ids, float[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparing((Integer d) -> scores[d]).thenComparing(ids::get).reversed())
        .limit(RECALL_DEPTH)
        .map(ids::get)
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002) of the first ten, with the
   * relevance itself as gain: {@code Σ rel_i / log2(i + 1)}, divided by that of the best ranking of
   * all judged documents; 0 if none is relevant.
   */
  static double ndcg(List<String> ranking, Map<String, Integer> relevance) {
    double best =
        gain(
            relevance.values().stream()
                .sorted(Comparator.reverseOrder())
                .limit(NDCG_DEPTH)
                .toList());
    return best == 0
        ? 0
        : gain(ranking.stream().limit(NDCG_DEPTH).map(d -> relevance.getOrDefault(d, 0)).toList())
            / best;
  }

  private static double gain(List<Integer> relevances) {
    double gain = 0;
    for (int i = 0; i < relevances.size(); i++) {
      gain += Math.max(0, relevances.get(i)) * Math.log(2) / Math.log(i + 2);
    }
    return gain;
  }

  /** The share of the relevant documents that are among the first hundred; 0 if none is. */
  static double recall(List<String> ranking, Map<String, Integer> relevance) {
    long relevant = relevance.values().stream().filter(r -> r > 0).count();
    long found =
        ranking.stream().limit(RECALL_DEPTH).filter(d -> relevance.getOrDefault(d, 0) > 0).count();
    return relevant == 0 ? 0 : (double) found / relevant;
  }
}
