package io.vec2text.eval.internal.runner;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.StoredPrecision;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.Rate;
import io.vec2text.eval.Storage;
import io.vec2text.eval.internal.setup.EvalListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Whether the verdict "exact" can be trusted: of texts and the wrong texts closest to them, which
 * would be called exact if a search came upon them, for vectors stored in each number format.
 *
 * @param rows one a bucket and format
 * @param complete whether all texts were checked; false if the check was cancelled
 */
public record NeighbourCheck(List<Row> rows, boolean complete) {
  /** Wrong neighbours of each text. */
  private static final int NEIGHBOURS = 100;

  /** Texts embedded in one call. */
  private static final int BATCH = 256;

  /** Copies. */
  public NeighbourCheck {
    rows = ImmutableList.copyOf(rows);
  }

  /**
   * Figures of one bucket and number format.
   *
   * @param bucket the texts' bucket
   * @param storage how their vectors were stored
   * @param detected of the stored vectors, of how many the format was detected from the vector
   * @param right of the texts, how many would be called exact
   * @param wrong of their wrong neighbours, how many would be called exact
   * @param closest highest cosine of a wrong neighbour with a stored vector
   * @param lowest lowest cosine of a text with its own stored vector
   */
  public record Row(
      @JsonProperty("tokens") String bucket,
      Storage.NumberFormat storage,
      Rate detected,
      Rate right,
      Rate wrong,
      double closest,
      double lowest) {}

  /**
   * Checks texts.
   *
   * @param embedder makes the vectors, and says which texts are the same to it
   * @param set at least one text
   * @param seed draws the neighbours
   * @param listener hears of each text
   * @param cancellation ends the check early, with the figures so far
   */
  public static NeighbourCheck of(
      Embedder embedder,
      EvaluationSet set,
      long seed,
      EvalListener listener,
      Cancellation cancellation) {
    checkArgument(set.size() > 0, "the set %s is empty", set.name());
    List<Row> rows = new ArrayList<>();
    double unrelated = unrelatedCosine(embedder.embed(set.texts()));
    int done = 0;
    for (String bucket : set.buckets()) {
      List<Tally> tallies =
          Arrays.stream(Storage.NumberFormat.values()).map(f -> new Tally(f, unrelated)).toList();
      for (String text : set.bucket(bucket).texts()) {
        if (cancellation.requested()) {
          break;
        }
        String form = embedder.normalize(text);
        List<String> texts = new ArrayList<>(List.of(text));
        Random random = new Random(seed * 31 + text.hashCode());
        for (String neighbour : Neighbours.of(text, NEIGHBOURS, random)) {
          if (!embedder.normalize(neighbour).equals(form)) {
            texts.add(neighbour);
          }
        }
        List<float[]> vectors = new ArrayList<>();
        for (List<String> batch : Lists.partition(texts, BATCH)) {
          vectors.addAll(Arrays.asList(embedder.embed(batch)));
        }
        tallies.forEach(t -> t.add(vectors));
        listener.progress("neighbours", ++done, set.size());
      }
      tallies.stream().filter(t -> t.texts > 0).forEach(t -> rows.add(t.row(bucket)));
    }
    return new NeighbourCheck(rows, done == set.size());
  }

  /** Mean cosine of different texts' vectors. */
  private static double unrelatedCosine(float[][] vectors) {
    float[] sum = new float[vectors[0].length];
    for (float[] v : vectors) {
      sum = Vectors.add(sum, Vectors.unit(v));
    }
    double n = vectors.length;
    return n < 2 ? 0 : Math.max(0, (Vectors.dot(sum, sum) - n) / (n * (n - 1)));
  }

  private static final class Tally {
    private final Storage.NumberFormat storage;
    private final double unrelated;
    private int texts;
    private int neighbours;
    private int detected;
    private int right;
    private int wrong;
    private double closest = -1;
    private double lowest = 1;

    Tally(Storage.NumberFormat storage, double unrelated) {
      this.storage = storage;
      this.unrelated = unrelated;
    }

    /** Takes in the vector of a text and those of its wrong neighbours. */
    void add(List<float[]> vectors) {
      float[] kept = storage.keep(vectors.get(0));
      StoredPrecision stored = StoredPrecision.of(kept);
      texts++;
      detected += stored.format() == storage.format() ? 1 : 0;
      neighbours += vectors.size() - 1;
      for (int i = 0; i < vectors.size(); i++) {
        double cosine = Vectors.cosine(kept, vectors.get(i));
        boolean exact = Verdict.of(cosine, unrelated, stored, kept.length) == Verdict.EXACT;
        if (i == 0) {
          right += exact ? 1 : 0;
          lowest = Math.min(lowest, cosine);
        } else {
          wrong += exact ? 1 : 0;
          closest = Math.max(closest, cosine);
        }
      }
    }

    Row row(String bucket) {
      return new Row(
          bucket,
          storage,
          new Rate(detected, texts),
          new Rate(right, texts),
          new Rate(wrong, neighbours),
          closest,
          lowest);
    }
  }
}
