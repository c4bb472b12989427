package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.EmbeddingSpace.Pooling;
import io.vec2text.InferenceException;
import io.vec2text.Tokenization;
import io.vec2text.internal.CloseGuard;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Embeds texts with a graph of the BERT family: token ids in, token states out, pooled and
 * normalised here.
 *
 * <p>Texts are batched with others of the same number of tokens, so that there is no padding and
 * the vector of a text does not depend on what is embedded with it: on one machine it is the same
 * to the last bit. A dynamically quantised graph rounds by the largest numbers of a run, so that
 * each text gets a run of its own. Texts longer than the space's token limit are cut off there.
 */
public final class OnnxEmbedder implements Embedder {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String TYPES = "token_type_ids";
  private static final String STATES = "last_hidden_state";

  /** Bounds the memory of a run; larger runs are hardly faster. */
  private static final int MAX_RUN_TOKENS = 4096;

  private final EmbeddingSpace space;
  private final HfTokenization tokenizer;
  private final OrtGraph graph;
  private final String output;
  private final int maxRunTokens;
  private final int[] before;
  private final int[] after;
  private final int prefixTokens;
  private final CloseGuard gate;

  private OnnxEmbedder(
      EmbeddingSpace space,
      HfTokenization tokenizer,
      OrtGraph graph,
      String output,
      boolean dynamicallyQuantized) {
    this.space = space;
    this.tokenizer = tokenizer;
    this.graph = graph;
    this.output = output;
    this.maxRunTokens = dynamicallyQuantized ? 1 : MAX_RUN_TOKENS;
    this.before = tokenizer.before();
    this.after = tokenizer.after();
    this.prefixTokens =
        space.prefix().isEmpty() ? 0 : tokenizer.encode(List.of(space.prefix())).get(0).length;
    this.gate = new CloseGuard("embedder of " + space.modelId());
    checkArgument(
        room() > prefixTokens,
        "tokenLimit %s leaves no room for a text besides the special tokens and the prefix",
        space.tokenLimit());
  }

  /**
   * Opens the embedder of a model package.
   *
   * @param device where to run it
   * @param threads threads of a run; 0 for one a core
   * @throws ModelFormatException if the package has no embedder, or one that does not fit its space
   * @throws io.vec2text.onnx.DeviceException if a CUDA device was asked for and doesn't work
   */
  public static OnnxEmbedder open(ModelPackage models, Device device, int threads) {
    Manifest.Embedder embedder = models.embedder();
    OnnxEmbedder opened =
        open(
            models.graph(embedder.graph()),
            models.file(embedder.tokenizer()),
            models.space(),
            embedder.inputs(),
            embedder.output(),
            embedder.dynamicallyQuantized(),
            device,
            threads);
    try {
      opened.check(models);
      return opened;
    } catch (ModelFormatException e) {
      opened.close();
      throw e;
    }
  }

  /** The project's own models read and write the embedder's tokens. */
  private void check(ModelPackage models) {
    if (models.hasInversion() && models.inversion().kind() == Manifest.Kind.SMALL) {
      Manifest.Tokens tokens = models.inversion().tokens();
      tokenizer.check(ImmutableIntArray.of(tokens.cls()), tokens);
    }
  }

  /**
   * Opens an embedder from its files. The graph must take {@code input_ids} and may take {@code
   * attention_mask} and {@code token_type_ids}, all int64 [texts, tokens], and give {@code
   * last_hidden_state} (or whatever its first output is called), float32 [texts, tokens,
   * dimension].
   *
   * @param graph ONNX file
   * @param tokenizer {@code tokenizer.json} in the format of Hugging Face's tokenizers
   * @param space the embedding space; its pooling must be known
   * @param device where to run it
   * @param threads threads of a run; 0 for one a core
   * @throws ModelFormatException if a file is missing, damaged, or does not fit the space
   * @throws io.vec2text.onnx.DeviceException if a CUDA device was asked for and doesn't work
   */
  public static OnnxEmbedder open(
      Path graph, Path tokenizer, EmbeddingSpace space, Device device, int threads) {
    Device chosen = DeviceChoice.of(device).device();
    boolean quantized = OnnxFile.read(graph.toString(), graph).dynamicallyQuantized();
    return open(graph, tokenizer, space, List.of(), "", quantized, chosen, threads);
  }

  /** {@code inputs} and {@code output} are as the manifest names them, empty if there is none. */
  private static OnnxEmbedder open(
      Path graphFile,
      Path tokenizerFile,
      EmbeddingSpace space,
      List<String> inputs,
      String output,
      boolean dynamicallyQuantized,
      Device device,
      int threads) {
    checkArgument(
        space.pooling() != Pooling.UNKNOWN, "the pooling of %s must be known", space.modelId());
    Device chosen = DeviceChoice.of(device).device();
    HfTokenization tokenizer = HfTokenization.open(tokenizerFile);
    OrtGraph graph = null;
    try {
      graph = OrtGraph.open(graphFile, chosen, threads);
      String states = output.isEmpty() ? states(graph) : output;
      Map<String, Manifest.Tensor> expected = new HashMap<>();
      for (String input : inputs.isEmpty() ? graph.inputs().keySet() : inputs) {
        if (!Set.of(IDS, MASK, TYPES).contains(input)) {
          throw new ModelFormatException(
              String.format(
                  "graph %s has the input %s, expected only %s, %s and %s",
                  graph.name(), input, IDS, MASK, TYPES));
        }
        expected.put(input, new Manifest.Tensor("int64", ImmutableList.of("texts", "tokens")));
      }
      String dimension = Integer.toString(space.dimension());
      graph.check(
          expected,
          Map.of(
              states,
              new Manifest.Tensor("float32", ImmutableList.of("texts", "tokens", dimension))));
      return new OnnxEmbedder(space, tokenizer, graph, states, dynamicallyQuantized);
    } catch (RuntimeException e) {
      tokenizer.close();
      if (graph != null) {
        graph.close();
      }
      throw e;
    }
  }

  private static String states(OrtGraph graph) {
    Set<String> outputs = graph.outputs().keySet();
    return outputs.contains(STATES) ? STATES : outputs.stream().findFirst().orElse(STATES);
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public Optional<Tokenization> tokenization() {
    return Optional.of(tokenizer);
  }

  @Override
  public float[][] embed(List<String> texts) {
    return gate.pass(
        () -> {
          List<String> prefixed =
              space.prefix().isEmpty() ? texts : Lists.transform(texts, space.prefix()::concat);
          List<int[]> tokens = tokenizer.encodeFirst(prefixed, room());
          Map<List<Integer>, Integer> seen = new HashMap<>();
          int[] same = new int[tokens.size()];
          Map<Integer, List<Integer>> byLength = new TreeMap<>();
          for (int i = 0; i < tokens.size(); i++) {
            int length = Math.min(tokens.get(i).length, room());
            // What is cut off, or lost on the tokenizer, makes equals of different texts.
            @Nullable Integer first =
                seen.putIfAbsent(Ints.asList(tokens.get(i)).subList(0, length), i);
            same[i] = first == null ? i : first;
            if (same[i] == i) {
              byLength.computeIfAbsent(length, n -> new ArrayList<>()).add(i);
            }
          }
          float[][] vectors = new float[texts.size()][];
          byLength.forEach(
              (length, rows) -> {
                int most = Math.max(1, maxRunTokens / (length + before.length + after.length));
                for (List<Integer> some : Lists.partition(rows, most)) {
                  embed(tokens, some, length, vectors);
                }
              });
          Arrays.setAll(vectors, i -> same[i] == i ? vectors[i] : vectors[same[i]].clone());
          return vectors;
        });
  }

  /** Embeds the texts of some rows, all of one length, and puts their vectors in their places. */
  private void embed(List<int[]> tokens, List<Integer> rows, int length, float[][] vectors) {
    int width = length + before.length + after.length;
    LongBuffer ids = OrtGraph.longs(rows.size() * width);
    for (int row : rows) {
      put(before, before.length, ids);
      put(tokens.get(row), length, ids);
      put(after, after.length, ids);
    }
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      for (String input : graph.inputs().keySet()) {
        inputs.put(input, OrtGraph.tensor(data(input, ids), rows.size(), width));
      }
      try (OrtSession.Result result = graph.run(inputs, Set.of(output))) {
        float[] states = ((OnnxTensor) result.get(0)).getFloatBuffer().array();
        int expected = rows.size() * width * space.dimension();
        if (states.length != expected) {
          throw new InferenceException(
              String.format(
                  "graph %s gave %d numbers, expected %d", graph.name(), states.length, expected));
        }
        for (int i = 0; i < rows.size(); i++) {
          vectors[rows.get(i)] = pool(states, i * width, width);
        }
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static void put(int[] tokens, int length, LongBuffer ids) {
    for (int i = 0; i < length; i++) {
      ids.put(tokens[i]);
    }
  }

  private static LongBuffer data(String input, LongBuffer ids) {
    if (input.equals(IDS)) {
      return ids.flip();
    }
    LongBuffer constant = OrtGraph.longs(ids.capacity());
    if (input.equals(MASK)) {
      for (int i = 0; i < constant.capacity(); i++) {
        constant.put(i, 1);
      }
    }
    return constant;
  }

  /** The vector of a text whose token states start at a row of {@code states}. */
  private float[] pool(float[] states, int firstRow, int rows) {
    int dimension = space.dimension();
    int pooled = space.pooling() == Pooling.CLS ? 1 : rows;
    double[] sum = new double[dimension];
    for (int row = firstRow; row < firstRow + pooled; row++) {
      for (int i = 0, at = row * dimension; i < dimension; i++, at++) {
        sum[i] += states[at];
      }
    }
    double scale = 1.0 / pooled;
    if (space.normalized()) {
      double squares = 0;
      for (double component : sum) {
        squares += component * component;
      }
      scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    }
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) (sum[i] * scale);
    }
    return vector;
  }

  /** Tokens of a text that the graph gets to see, the prefix included. */
  private int room() {
    return space.tokenLimit() - before.length - after.length;
  }

  /**
   * The text as the tokenizer spells its tokens, cut off at the token limit. For BERT's uncased
   * tokenizers that is in lower case, without accents, and with spacing of its own.
   */
  @Override
  public String normalize(String text) {
    return gate.pass(
        () -> {
          int most = room() - prefixTokens;
          int[] tokens = tokenizer.encodeFirst(List.of(text), most).get(0);
          return tokenizer.decode(tokens.length <= most ? tokens : Arrays.copyOf(tokens, most));
        });
  }

  @Override
  public void close() {
    gate.close(
        () -> {
          graph.close();
          tokenizer.close();
        });
  }
}
