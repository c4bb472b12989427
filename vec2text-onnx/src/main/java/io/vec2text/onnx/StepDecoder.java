package io.vec2text.onnx;

import ai.onnxruntime.OnnxTensor;
import io.vec2text.Cancellation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Writes texts from an encoder's memory, one token a step for many rows at once.
 *
 * <p>All rows of a run are at the same position, so nothing is padded and no row depends on
 * another. The key-value cache goes from one run to the next as native tensors; only the best next
 * words of a row come to Java. Items whose rows are all finished leave the batch.
 */
final class StepDecoder {
  private final Graph step;
  private final Graph select;
  private final int layers;
  private final int heads;
  private final int headWidth;
  private final int start;
  private final int end;
  private final int least;

  /**
   * A decoder of some graphs.
   *
   * @param least items, and rows of an item, that a run takes at least: where one alone would go
   *     through other arithmetic than many and get other last digits, 2
   */
  StepDecoder(Graph step, Graph select, Manifest.Inversion manifest, int least) {
    this.step = step;
    this.select = select;
    this.layers = manifest.decoder().layers();
    this.heads = manifest.decoder().heads();
    this.headWidth = manifest.decoder().headWidth();
    this.start = manifest.tokens().cls();
    this.end = manifest.tokens().sep();
    this.least = least;
  }

  /**
   * Writes the texts of a batch.
   *
   * @param memory the memory of the items, of which there may be more than {@code items}
   * @param items the items' rows, at their beginning; afterwards they are finished, unless this was
   *     cancelled
   */
  void decode(
      EncoderOutput memory, List<? extends DecodingState> items, Cancellation cancellation) {
    List<DecodingState> batch = new ArrayList<>(items);
    pad(batch);
    EncoderOutput selected = memory;
    Map<String, OnnxTensor> past = new HashMap<>();
    for (int l = 0; l < layers; l++) {
      for (String name : List.of("past_k_" + l, "past_v_" + l)) {
        past.put(name, Tensors.none(step.inputType(name), 1, heads, 0, headWidth));
      }
    }
    AutoCloseable pastOwner = () -> List.copyOf(past.values()).forEach(OnnxTensor::close);
    try {
      for (int t = 1; !cancellation.requested(); t++) {
        int width = batch.stream().mapToInt(r -> r.parents().length).max().orElseThrow();
        width = Math.max(width, least);
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
          DecodingState rows = batch.get(a);
          if (!rows.finished()) {
            rows.advance(scores, words, a * width, k);
          }
          active += rows.finished() ? 0 : 1;
        }
        if (active == 0) {
          break;
        }
        // Leaving the batch costs a copy of what stays, so items leave together.
        if (active <= batch.size() / 2 && batch.size() > least) {
          long[] stay =
              IntStream.range(0, batch.size())
                  .filter(a -> !batch.get(a).finished())
                  .asLongStream()
                  .toArray();
          if (stay.length < least) {
            stay = new long[] {stay[0], stay[0]};
          }
          EncoderOutput rest = selected.select(select, stay);
          if (selected != memory) {
            selected.close();
          }
          selected = rest;
          batch.removeIf(DecodingState::finished);
          pad(batch);
        }
      }
    } finally {
      Graph.quietly(pastOwner);
      if (selected != memory) {
        selected.close();
      }
    }
  }

  private void pad(List<DecodingState> batch) {
    while (batch.size() < least) {
      batch.add(new Idle());
    }
  }

  private Graph.Result run(
      EncoderOutput memory,
      Map<String, OnnxTensor> past,
      List<DecodingState> batch,
      int width,
      int t) {
    long[] written = new long[batch.size() * width * t];
    long[] rows = new long[batch.size() * width];
    for (int a = 0; a < batch.size(); a++) {
      DecodingState r = batch.get(a);
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
        OnnxTensor p = Tensors.longs(rows, rows.length);
        OnnxTensor f = Tensors.longs(new long[rows.length], batch.size(), width)) {
      inputs.put("written", w);
      inputs.put("rows", p);
      // Words to score, for graphs that take them; nobody reads the scores.
      inputs.put("forced", f);
      return step.run(inputs);
    }
  }

  /** Fills up a batch. */
  private static final class Idle implements DecodingState {
    @Override
    public int[] parents() {
      return new int[0];
    }

    @Override
    public int[] tokens(int row) {
      return new int[0];
    }

    @Override
    public void advance(float[] scores, int[] words, int first, int k) {}

    @Override
    public boolean finished() {
      return true;
    }

    @Override
    public List<Written> texts() {
      return List.of();
    }
  }
}
