package io.vec2text.onnx;

import ai.onnxruntime.OnnxTensor;
import io.vec2text.Cancellation;
import io.vec2text.Corrector.Request;
import io.vec2text.Decoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Writes texts from an encoder's memory, one token a step for many rows at once.
 *
 * <p>All rows of a run are at the same position, so nothing is padded and no row depends on
 * another. The key-value cache goes from one run to the next as native tensors; only the best next
 * words of a row come to Java. Items whose rows are all finished leave the batch.
 */
final class StepDecoder {
  private static final int MIN_ROWS = 2;

  private final Graph step;
  private final Graph select;
  private final int layers;
  private final int heads;
  private final int headWidth;
  private final int start;
  private final int end;
  private final int maxTokens;

  StepDecoder(Graph step, Graph select, Manifest.Inversion manifest) {
    this.step = step;
    this.select = select;
    this.layers = manifest.decoder().layers();
    this.heads = manifest.decoder().heads();
    this.headWidth = manifest.decoder().headWidth();
    this.start = manifest.tokens().cls();
    this.end = manifest.tokens().sep();
    this.maxTokens = manifest.range().maxDecode();
  }

  /**
   * A finished text.
   *
   * @param tokens its tokens, without special ones
   * @param logProbability sum over its tokens and the end, without those of the kept prefix
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Written(int[] tokens, double logProbability) {}

  /**
   * Decodes a batch.
   *
   * @param memory the memory of the items, in the order of {@code requests}
   * @return for each item its texts, most probable (for beams: per token) first
   */
  List<List<Written>> decode(
      Memory memory, List<Request> requests, Decoding decoding, Cancellation cancellation) {
    List<Rows> items = new ArrayList<>();
    for (Request request : requests) {
      items.add(
          decoding instanceof Decoding.Sample sample
              ? new SampleRows(request, sample)
              : new BeamRows(request, decoding.count()));
    }
    List<Rows> batch = new ArrayList<>(items);
    pad(batch);
    Memory selected = memory;
    Map<String, OnnxTensor> past = new HashMap<>();
    for (int l = 0; l < layers; l++) {
      past.put("past_k_" + l, Tensors.zeros(1, heads, 0, headWidth));
      past.put("past_v_" + l, Tensors.zeros(1, heads, 0, headWidth));
    }
    AutoCloseable pastOwner = () -> List.copyOf(past.values()).forEach(OnnxTensor::close);
    try {
      for (int t = 1; t <= maxTokens + 1 && !cancellation.requested(); t++) {
        int width = batch.stream().mapToInt(r -> r.parents().length).max().orElseThrow();
        width = Math.max(width, MIN_ROWS);
        Graph.Result result = run(selected, past, batch, width, t);
        Graph.quietly(pastOwner);
        pastOwner = result;
        past.clear();
        for (int l = 0; l < layers; l++) {
          past.put("past_k_" + l, result.tensor("present_k_" + l));
          past.put("past_v_" + l, result.tensor("present_v_" + l));
        }
        float[] scores = result.floats("log_probabilities");
        int[] words = result.ints("next_words");
        int k = scores.length / (batch.size() * width);
        int active = 0;
        for (int a = 0; a < batch.size(); a++) {
          Rows rows = batch.get(a);
          if (!rows.finished()) {
            rows.advance(scores, words, a * width, k);
          }
          active += rows.finished() ? 0 : 1;
        }
        if (active == 0) {
          break;
        }
        // Leaving the batch costs a copy of what stays, so items leave together.
        if (active <= batch.size() / 2 && batch.size() > OnnxCorrector.MIN_ITEMS) {
          long[] stay =
              IntStream.range(0, batch.size())
                  .filter(a -> !batch.get(a).finished())
                  .asLongStream()
                  .toArray();
          if (stay.length == 1) {
            stay = new long[] {stay[0], stay[0]};
          }
          Memory rest = selected.select(select, stay);
          if (selected != memory) {
            selected.close();
          }
          selected = rest;
          batch.removeIf(Rows::finished);
          pad(batch);
        }
      }
    } finally {
      Graph.quietly(pastOwner);
      if (selected != memory) {
        selected.close();
      }
    }
    return items.stream().map(Rows::texts).toList();
  }

  private static void pad(List<Rows> batch) {
    while (batch.size() < OnnxCorrector.MIN_ITEMS) {
      batch.add(new Idle());
    }
  }

  private Graph.Result run(
      Memory memory, Map<String, OnnxTensor> past, List<Rows> batch, int width, int t) {
    long[] written = new long[batch.size() * width * t];
    long[] rows = new long[batch.size() * width];
    for (int a = 0; a < batch.size(); a++) {
      Rows r = batch.get(a);
      int own = r.finished() ? 0 : r.parents().length;
      for (int j = 0; j < width; j++) {
        // An item with fewer rows than the widest repeats its first; a finished one computes
        // nonsense.
        int row = j < own ? j : 0;
        rows[a * width + j] = own == 0 ? 0 : r.parents()[row];
        int at = (a * width + j) * t;
        written[at] = start;
        for (int s = 0; s < t - 1; s++) {
          written[at + 1 + s] = own == 0 ? end : r.tokens(row)[s];
        }
      }
    }
    Map<String, OnnxTensor> inputs = new HashMap<>(memory.tensors());
    inputs.putAll(past);
    try (OnnxTensor w = Tensors.longs(written, batch.size(), width, t);
        OnnxTensor p = Tensors.longs(rows, rows.length)) {
      inputs.put("written", w);
      inputs.put("rows", p);
      return step.run(inputs);
    }
  }

  /** The rows of one item. */
  private abstract static class Rows {
    final int[] prefix;
    final List<Written> done = new ArrayList<>();

    Rows(int[] prefix) {
      this.prefix = prefix;
    }

    /** Which row of the last run each row continues. */
    abstract int[] parents();

    /** The tokens of a row so far. */
    abstract int[] tokens(int row);

    /**
     * Takes a step.
     *
     * @param scores log-probabilities of the k best next words of each row of the run, sorted
     * @param first index in the run of this item's first row
     */
    abstract void advance(float[] scores, int[] words, int first, int k);

    abstract boolean finished();

    List<Written> texts() {
      return done;
    }
  }

  /** Fills up a batch. */
  private static final class Idle extends Rows {
    Idle() {
      super(new int[0]);
    }

    @Override
    int[] parents() {
      return new int[0];
    }

    @Override
    int[] tokens(int row) {
      return new int[0];
    }

    @Override
    void advance(float[] scores, int[] words, int first, int k) {}

    @Override
    boolean finished() {
      return true;
    }
  }

  private final class BeamRows extends Rows {
    private final int beam;
    private int[][] tokens = {{}};
    private double[] score = {0};
    private int[] parents = {0};

    BeamRows(Request request, int beam) {
      super(request.prefix());
      this.beam = beam;
    }

    @Override
    int[] parents() {
      return parents;
    }

    @Override
    int[] tokens(int row) {
      return tokens[row];
    }

    @Override
    boolean finished() {
      return done.size() >= beam || tokens.length == 0;
    }

    @Override
    void advance(float[] scores, int[] words, int first, int k) {
      int t = tokens[0].length;
      if (t < prefix.length) {
        tokens = new int[][] {Arrays.copyOf(prefix, t + 1)};
        parents = new int[] {first};
        return;
      }
      record Next(int row, int word, double score) {}
      List<Next> all = new ArrayList<>();
      int each = Math.min(k, 2 * beam);
      for (int r = 0; r < tokens.length; r++) {
        for (int j = 0; j < each; j++) {
          int at = (first + r) * k + j;
          all.add(new Next(r, words[at], score[r] + scores[at]));
        }
      }
      all.sort(
          Comparator.comparingDouble(Next::score)
              .reversed()
              .thenComparingInt(Next::row)
              .thenComparingInt(Next::word));
      List<Next> kept = new ArrayList<>();
      for (Next n : all.subList(0, Math.min(all.size(), 2 * beam))) {
        if (n.word == end) {
          if (t > 0) {
            done.add(new Written(tokens[n.row], n.score));
          }
        } else if (kept.size() < beam && t < maxTokens) {
          kept.add(n);
        }
      }
      int[][] next = new int[kept.size()][];
      double[] sum = new double[kept.size()];
      parents = new int[kept.size()];
      for (int r = 0; r < next.length; r++) {
        Next n = kept.get(r);
        next[r] = Arrays.copyOf(tokens[n.row], t + 1);
        next[r][t] = n.word;
        sum[r] = n.score;
        parents[r] = first + n.row;
      }
      tokens = next;
      score = sum;
    }

    @Override
    List<Written> texts() {
      done.sort(
          Comparator.comparingDouble(
                  (Written w) -> w.logProbability / (w.tokens.length - prefix.length + 1))
              .reversed());
      return done.subList(0, Math.min(beam, done.size()));
    }
  }

  private final class SampleRows extends Rows {
    private final Decoding.Sample how;
    private final SplittableRandom[] random;
    private final double[] score;
    private final int[][] tokens;
    private int[] alive;
    private int[] parents = {0};
    private int t;

    SampleRows(Request request, Decoding.Sample how) {
      super(request.prefix());
      this.how = how;
      random = new SplittableRandom[how.count()];
      SplittableRandom seeds = new SplittableRandom(request.seed());
      Arrays.setAll(random, i -> seeds.split());
      score = new double[how.count()];
      tokens = new int[how.count()][0];
      alive = new int[how.count()];
      Arrays.setAll(alive, i -> i);
    }

    /** Until the end of the prefix all samples are one row. */
    private boolean joint() {
      return t <= prefix.length;
    }

    @Override
    int[] parents() {
      return parents;
    }

    @Override
    int[] tokens(int row) {
      return joint() ? Arrays.copyOf(prefix, t) : tokens[alive[row]];
    }

    @Override
    boolean finished() {
      return alive.length == 0;
    }

    @Override
    void advance(float[] scores, int[] words, int first, int k) {
      if (t < prefix.length) {
        t++;
        parents = new int[] {first};
        return;
      }
      boolean joint = joint();
      int[] still = new int[alive.length];
      int[] from = new int[alive.length];
      int n = 0;
      for (int r = 0; r < alive.length; r++) {
        int row = first + (joint ? 0 : r);
        int s = alive[r];
        int at = row * k + draw(scores, row * k, k, random[s]);
        score[s] += scores[at];
        int[] before = joint ? prefix : tokens[s];
        tokens[s] = before;
        if (words[at] == end) {
          if (t > 0) {
            done.add(new Written(before, score[s]));
          }
        } else if (t < maxTokens) {
          tokens[s] = Arrays.copyOf(before, t + 1);
          tokens[s][t] = words[at];
          still[n] = s;
          from[n++] = row;
        }
      }
      alive = Arrays.copyOf(still, n);
      parents = Arrays.copyOf(from, n);
      t++;
    }

    private int draw(float[] scores, int from, int k, SplittableRandom random) {
      double[] p = new double[k];
      double total = 0;
      for (int j = 0; j < k; j++) {
        p[j] = Math.exp((scores[from + j] - scores[from]) / how.temperature());
        total += p[j];
      }
      double u = random.nextDouble() * total;
      int j = 0;
      while (j < k - 1 && (u -= p[j]) >= 0) {
        j++;
      }
      return j;
    }

    @Override
    List<Written> texts() {
      done.sort(Comparator.comparingDouble(Written::logProbability).reversed());
      return done;
    }
  }
}
