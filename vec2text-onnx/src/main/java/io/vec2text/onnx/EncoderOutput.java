package io.vec2text.onnx;

import ai.onnxruntime.OnnxTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the decoder reads of a group of items: the cross-attention caches that an encoder graph made
 * and, where there is a bag, its scores and how they differ from the hypothesis's. Stays in native
 * tensors.
 */
final class EncoderOutput implements AutoCloseable {
  /**
   * Items that a run of the project's own models takes at least: one alone goes through other
   * arithmetic than many and gets other last digits, so it is given twice.
   */
  static final int MIN_ITEMS = 2;

  private final Map<String, OnnxTensor> tensors;
  private final List<? extends AutoCloseable> owned;

  private EncoderOutput(Map<String, OnnxTensor> tensors, List<? extends AutoCloseable> owned) {
    this.tensors = tensors;
    this.owned = owned;
  }

  /** What an encoder makes of its inputs alone. */
  static EncoderOutput of(Graph encoder, Map<String, OnnxTensor> inputs) {
    Graph.Result memory = encoder.run(inputs);
    Map<String, OnnxTensor> tensors = new HashMap<>();
    memory.into(tensors);
    return new EncoderOutput(tensors, List.of(memory));
  }

  /** What an encoder makes of the targets alone, for first guesses. */
  static EncoderOutput first(Graph first, List<float[]> targets) {
    try (OnnxTensor vector = Tensors.floats(targets)) {
      return of(first, Map.of("vector", vector));
    }
  }

  /** Items, the only one twice. */
  static <T> List<T> atLeastTwo(List<T> items) {
    return items.size() < MIN_ITEMS ? List.of(items.get(0), items.get(0)) : items;
  }

  /** The output for first guesses. */
  static EncoderOutput first(Graph bag, Graph first, List<float[]> targets) {
    try (OnnxTensor vector = Tensors.floats(targets)) {
      Graph.Result scores = bag.run(Map.of("vector", vector));
      return of(scores, first, Map.of("vector", vector, "scores", scores.tensor("scores")));
    }
  }

  /**
   * The output for corrections.
   *
   * @param hypotheses tokens of each hypothesis, all equally many, with the end token
   */
  static EncoderOutput correct(
      Graph bag,
      Graph correct,
      List<float[]> targets,
      List<float[]> vectors,
      List<int[]> hypotheses) {
    try (OnnxTensor vector = Tensors.floats(targets);
        OnnxTensor own = Tensors.floats(vectors);
        OnnxTensor tokens = Tensors.tokens(hypotheses);
        Graph.Result ownScores = bag.run(Map.of("vector", own))) {
      Graph.Result scores = bag.run(Map.of("vector", vector));
      return of(
          scores,
          correct,
          Map.of(
              "vector", vector,
              "scores", scores.tensor("scores"),
              "hypothesis", tokens,
              "hypothesis_vector", own,
              "hypothesis_scores", ownScores.tensor("scores")));
    }
  }

  private static EncoderOutput of(
      Graph.Result scores, Graph encoder, Map<String, OnnxTensor> inputs) {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    tensors.put("scores", scores.tensor("scores"));
    Graph.Result memory;
    try {
      memory = encoder.run(inputs);
    } catch (RuntimeException e) {
      scores.close();
      throw e;
    }
    memory.into(tensors);
    return new EncoderOutput(tensors, List.of(scores, memory));
  }

  /** The memory of some of the items; what it lacks is not needed by a decoder step. */
  EncoderOutput select(Graph select, long[] items) {
    try (OnnxTensor item = Tensors.longs(items, items.length)) {
      Map<String, OnnxTensor> inputs = new HashMap<>(tensors);
      inputs.put("item", item);
      Graph.Result result = select.run(inputs);
      Map<String, OnnxTensor> selected = new HashMap<>();
      result.into(selected);
      Map<String, OnnxTensor> renamed = new HashMap<>();
      selected.forEach((k, v) -> renamed.put(k.substring("selected_".length()), v));
      return new EncoderOutput(renamed, List.of(result));
    }
  }

  /** The tensors by the names under which the decoder graphs take them. */
  Map<String, OnnxTensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    owned.forEach(Graph::quietly);
  }
}
