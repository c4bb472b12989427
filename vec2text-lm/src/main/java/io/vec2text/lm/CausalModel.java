package io.vec2text.lm;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ContiguousSet;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import com.google.common.primitives.Ints;
import io.vec2text.Tokenization;
import io.vec2text.internal.CloseGuard;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.StateGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

/**
 * A causal language model: tells the final state at the end of a prompt, and the distribution of
 * the token that follows it.
 *
 * <p>The chat template is part of the model: prompts are given without it. Their tokens are those
 * of the prompt alone between those of the template. Serves many threads at once; {@link #close} is
 * idempotent and waits for calls in flight.
 */
public final class CausalModel implements AutoCloseable {
  private static final int[] EMPTY = {0};

  private final LanguageModelPackage files;
  private final StateGraph graph;
  private final OutputMatrix output;
  private final StateStatistics statistics;
  private final int[] after;
  private final int room;
  private final CloseGuard gate;

  private CausalModel(LanguageModelPackage files, StateGraph graph) {
    this.files = files;
    this.graph = graph;
    this.output = files.output();
    this.statistics = files.statistics();
    this.after = files.after().toArray();
    this.room = files.context() - files.beforeLength() - after.length;
    this.gate = new CloseGuard("language model " + files.modelId());
  }

  /**
   * Loads a model.
   *
   * @param device where to run it
   * @param threads threads of a run; 0 for one a core
   * @throws io.vec2text.onnx.ModelFormatException if the package is damaged
   * @throws io.vec2text.onnx.DeviceException if a CUDA device was asked for and doesn't work
   */
  public static CausalModel open(LanguageModelPackage files, Device device, int threads) {
    StateGraph graph =
        StateGraph.open(files.graph(), files.tokenizer(), files.width(), device, threads);
    try {
      return new CausalModel(files, graph);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /** The package that it came from. */
  public LanguageModelPackage files() {
    return files;
  }

  /** Prompts to the model's tokens and back. */
  public Tokenization tokenization() {
    return graph.tokenization();
  }

  /**
   * The final state after each prompt, where the answer is to begin. Prompts are cut off where the
   * model reads no further; without a template, the empty one is read as the token 0.
   *
   * @return float [prompts][width], in the order of {@code prompts}
   * @throws io.vec2text.InferenceException if the model fails
   * @throws IllegalStateException if this is closed
   */
  public float[][] states(List<String> prompts) {
    return gate.pass(
        () -> {
          List<int[]> rows = new ArrayList<>(prompts.size());
          for (int[] tokens : graph.tokenization().encode(prompts)) {
            rows.add(row(tokens));
          }
          return graph.last(rows);
        });
  }

  /**
   * The distribution of the token that follows a prompt.
   *
   * @throws io.vec2text.InferenceException if the model fails
   */
  public NextTokenDistribution distribution(String prompt) {
    return distribution(states(List.of(prompt))[0]);
  }

  /**
   * The distribution of the token that follows a state.
   *
   * @param state float [width]
   */
  public NextTokenDistribution distribution(float[] state) {
    checkArgument(
        state.length == files.width(),
        "the state has %s components, expected %s",
        state.length,
        files.width());
    return NextTokenDistribution.ofLogProbabilities(output.logProbabilities(state));
  }

  /**
   * The model's answer to a prompt, the most probable token at each step. All of it is read again
   * for each token, so that an answer costs as many forward passes as it has tokens.
   *
   * @param prompt cut off where the model reads no further
   * @param maxTokens of the answer, at least 1
   * @return the answer, without what ends a turn
   * @throws io.vec2text.InferenceException if the model fails
   * @throws IllegalStateException if this is closed
   */
  public String answer(String prompt, int maxTokens) {
    return answers(prompt, 1, maxTokens, output::mostProbable).get(0);
  }

  /**
   * Answers to a prompt as the model gives them at temperature 1, side by side; otherwise as {@link
   * #answer}.
   *
   * @param count how many, at least 1
   * @param seed of what is drawn
   */
  public List<String> samples(String prompt, int count, int maxTokens, long seed) {
    Random random = new Random(seed);
    return answers(prompt, count, maxTokens, state -> output.drawn(state, random));
  }

  private List<String> answers(
      String prompt, int count, int maxTokens, ToIntFunction<float[]> choice) {
    checkArgument(count > 0, "count must be at least 1, was %s", count);
    checkArgument(maxTokens > 0, "maxTokens must be at least 1, was %s", maxTokens);
    return gate.pass(
        () -> {
          int[] first = row(graph.tokenization().encode(List.of(prompt)).get(0));
          int most =
              Math.min(first.length + maxTokens, Math.max(first.length, room + after.length));
          int[][] rows = new int[count][];
          Arrays.fill(rows, first);
          List<Integer> open = new ArrayList<>(ContiguousSet.closedOpen(0, count));
          for (int length = first.length; length < most && !open.isEmpty(); length++) {
            float[][] states = graph.last(Lists.transform(open, i -> rows[i]));
            List<Integer> ended = new ArrayList<>();
            for (int i = 0; i < states.length; i++) {
              int next = choice.applyAsInt(states[i]);
              if (ends(next)) {
                ended.add(open.get(i));
              } else {
                rows[open.get(i)] = Ints.concat(rows[open.get(i)], new int[] {next});
              }
            }
            open.removeAll(ended);
          }
          return Arrays.stream(rows)
              .map(row -> Arrays.copyOfRange(row, first.length, row.length))
              .map(graph.tokenization()::decode)
              .collect(ImmutableList.toImmutableList());
        });
  }

  /** What the graph reads of a prompt: its tokens as far as there is room, and the template's. */
  private int[] row(int[] tokens) {
    int[] row = Ints.concat(Arrays.copyOf(tokens, Math.min(tokens.length, room)), after);
    return row.length == 0 ? EMPTY : row;
  }

  /** Whether a token ends an answer: that which ends a turn of the template, or a text. */
  private boolean ends(int token) {
    return after.length > 0 ? token == after[0] : token == EMPTY[0];
  }

  /** The prompt as far as the model reads it. */
  String read(String prompt) {
    return gate.pass(
        () -> {
          int[] tokens = graph.tokenization().encode(List.of(prompt)).get(0);
          return tokens.length <= room
              ? prompt
              : graph.tokenization().decode(Arrays.copyOf(tokens, room));
        });
  }

  StateStatistics statistics() {
    return statistics;
  }

  @Override
  public void close() {
    gate.close(graph::close);
  }
}
