package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.vec2text.InferenceException;
import io.vec2text.Tokenization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A graph from token ids to the states of tokens that each sees those before it, with its
 * tokenizer: what {@code vec2text-lm} needs of the natives, all of which stay in this module.
 *
 * <p>The graph takes {@code ids}, int64 [texts, tokens], and gives {@code states}, float32 [texts,
 * tokens, width]. Serves many threads at once; {@link #close} is idempotent and waits for calls in
 * flight.
 */
public final class StateGraph implements AutoCloseable {
  private static final String IDS = "ids";
  private static final String STATES = "states";

  /** Tokens of a run at most: of more, none is faster. */
  private static final int MAX_RUN_TOKENS = 512;

  private final OrtGraph graph;
  private final HfTokenization tokenizer;
  private final int width;

  private StateGraph(OrtGraph graph, HfTokenization tokenizer, int width) {
    this.graph = graph;
    this.tokenizer = tokenizer;
    this.width = width;
  }

  /**
   * Loads a graph and its tokenizer.
   *
   * @param graph ONNX file
   * @param tokenizer {@code tokenizer.json} in the format of Hugging Face's tokenizers
   * @param width components of a state
   * @param device where to run it
   * @param threads threads of a run; 0 for one a core
   * @throws ModelFormatException if a file is missing, damaged, or not as described above
   * @throws io.vec2text.onnx.DeviceException if a CUDA device was asked for and doesn't work
   */
  public static StateGraph open(Path graph, Path tokenizer, int width, Device device, int threads) {
    checkArgument(width > 0, "width must be at least 1, was %s", width);
    Device chosen = DeviceChoice.of(device).device();
    HfTokenization tokens = HfTokenization.open(tokenizer);
    OrtGraph opened = null;
    try {
      opened = OrtGraph.open(graph, chosen, threads);
      opened.check(
          Map.of(IDS, new Manifest.Tensor("int64", ImmutableList.of("texts", "tokens"))),
          Map.of(
              STATES,
              new Manifest.Tensor(
                  "float32", ImmutableList.of("texts", "tokens", Integer.toString(width)))));
      return new StateGraph(opened, tokens, width);
    } catch (RuntimeException e) {
      tokens.close();
      if (opened != null) {
        opened.close();
      }
      throw e;
    }
  }

  /** Texts to the graph's tokens and back. */
  public Tokenization tokenization() {
    return tokenizer;
  }

  /**
   * The state of the last token of each row.
   *
   * @param rows token ids, at least one a row; rows of one length share runs, so that there is no
   *     padding
   * @return float [rows][width], in the order of {@code rows}
   * @throws InferenceException if a run fails
   * @throws IllegalStateException if this is closed
   */
  public float[][] last(List<int[]> rows) {
    Map<Integer, List<Integer>> byLength = new TreeMap<>();
    for (int i = 0; i < rows.size(); i++) {
      int length = rows.get(i).length;
      checkArgument(length > 0, "row %s has no tokens, expected at least one", i);
      byLength.computeIfAbsent(length, n -> new ArrayList<>()).add(i);
    }
    float[][] states = new float[rows.size()][];
    byLength.forEach(
        (length, same) -> {
          for (List<Integer> some : Lists.partition(same, Math.max(1, MAX_RUN_TOKENS / length))) {
            run(Lists.transform(some, rows::get), some, states);
          }
        });
    return states;
  }

  private void run(List<int[]> rows, List<Integer> places, float[][] states) {
    int length = rows.get(0).length;
    try (OnnxTensor ids = Tensors.tokens(rows);
        OrtSession.Result result = graph.run(Map.of(IDS, ids), Set.of(STATES))) {
      float[] all = ((OnnxTensor) result.get(0)).getFloatBuffer().array();
      int expected = rows.size() * length * width;
      if (all.length != expected) {
        throw new InferenceException(
            String.format(
                "graph %s gave %d numbers, expected %d", graph.name(), all.length, expected));
      }
      for (int i = 0; i < rows.size(); i++) {
        float[] state = new float[width];
        System.arraycopy(all, ((i + 1) * length - 1) * width, state, 0, width);
        states[places.get(i)] = state;
      }
    }
  }

  @Override
  public void close() {
    graph.close();
    tokenizer.close();
  }
}
