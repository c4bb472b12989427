package io.vec2text.eval.internal.defence;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.google.common.io.Resources;
import io.vec2text.InferenceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A map from vectors to vectors that is learnt from examples: a perceptron with one hidden layer,
 * {@code silu([s x, 1] W₁) W₂}, s being such that components of x have a mean square of 1. Trained
 * by Adam (Kingma and Ba 2015) with decoupled weight decay on the squared error, on a CPU. The same
 * examples, steps and seed give the same map on machines of the same kind.
 */
final class Perceptron {
  private static final String GRAPH = "perceptron.onnx";
  private static final int HIDDEN = 1024;
  private static final int BATCH = 256;
  private static final int WARM_UP = 100;
  private static final double RATE = 1e-3;
  private static final double WEIGHT_DECAY = 0.05;
  private static final double FIRST_DECAY = 0.9;
  private static final double SECOND_DECAY = 0.98;
  private static final String NEW_PREFIX = "new_";
  private static final Set<String> NEW =
      Set.of("new_w1", "new_m_w1", "new_v_w1", "new_w2", "new_m_w2", "new_v_w2");

  private final float scale;
  private final float[] first;
  private final float[] second;
  private final int inputs;
  private final int outputs;

  private Perceptron(float scale, float[] first, float[] second) {
    this.scale = scale;
    this.first = first;
    this.second = second;
    this.inputs = first.length / HIDDEN - 1;
    this.outputs = second.length / HIDDEN;
  }

  /**
   * How long to train.
   *
   * @param steps batches of 256 examples, at least 1; the rate rises over the first hundred and
   *     falls to 0 at the last
   * @param seed of the initial weights and the order of the examples
   * @param threads threads of a step; 0 for one a core
   */
  record Training(int steps, long seed, int threads) {
    Training {
      checkArgument(steps > 0, "steps must be at least 1, were %s", steps);
      checkArgument(threads >= 0, "threads must be at least 0, were %s", threads);
    }
  }

  /**
   * Learns a map. Takes about 40 ms a step for 384 components on one core of 2020.
   *
   * @param inputs vectors of equal length
   * @param targets what to make of each; of equal length, which may be another
   * @param afterStep hears how many steps were made; what it throws ends the training
   * @throws IllegalArgumentException if there is no example, not a target for each input, or a
   *     vector of another length
   * @throws InferenceException if ONNX Runtime fails
   */
  static Perceptron fit(
      List<float[]> inputs, List<float[]> targets, Training training, IntConsumer afterStep) {
    checkArgument(
        !inputs.isEmpty() && inputs.size() == targets.size(),
        "expected a target for each of at least 1 input, found %s inputs and %s targets",
        inputs.size(),
        targets.size());
    checkLengths("inputs", inputs);
    checkLengths("targets", targets);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Examples examples = new Examples(inputs, targets, scale(inputs));
    try (SessionOptions options = options(training.threads());
        OrtSession graph = environment.createSession(graph(), options);
        State state = new State(examples, training.seed())) {
      Random random = new Random(training.seed());
      for (int step = 0; step < training.steps(); step++) {
        Map<String, OnnxTensor> batch = examples.batch(random, step, training.steps());
        try {
          state.step(graph, batch);
        } finally {
          batch.values().forEach(OnnxTensor::close);
        }
        afterStep.accept(step + 1);
      }
      return new Perceptron(examples.scale, state.values("w1"), state.values("w2"));
    } catch (OrtException e) {
      throw new InferenceException("can't train: " + e.getMessage(), e);
    }
  }

  /** As vec2text-onnx has them for its graphs. */
  private static SessionOptions options(int threads) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setInterOpNumThreads(1);
    options.setIntraOpNumThreads(threads);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.setMemoryPatternOptimization(false);
    options.setCPUArenaAllocator(false);
    options.setDeterministicCompute(true);
    return options;
  }

  /** A direct buffer. */
  private static FloatBuffer floats(int size) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static OnnxTensor tensor(FloatBuffer data, long... shape) throws OrtException {
    return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), data, shape);
  }

  private static OnnxTensor scalar(double value) throws OrtException {
    return tensor(floats(1).put(0, (float) value));
  }

  private static void checkLengths(String name, List<float[]> vectors) {
    int length = vectors.get(0).length;
    for (float[] vector : vectors) {
      checkArgument(
          vector.length == length && length > 0,
          "%s must have equal lengths of at least 1, one has %s, the first %s",
          name,
          vector.length,
          length);
    }
  }

  private static float scale(List<float[]> vectors) {
    double squares = 0;
    for (float[] vector : vectors) {
      for (float x : vector) {
        squares += x * x;
      }
    }
    return squares == 0
        ? 1
        : (float) Math.sqrt((double) vectors.size() * vectors.get(0).length / squares);
  }

  private static byte[] graph() {
    try {
      return Resources.toByteArray(Resources.getResource(Perceptron.class, GRAPH));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The learnt map.
   *
   * @param input a vector of the length of the examples' inputs; not changed
   * @return a vector of the length of their targets
   * @throws IllegalArgumentException if the input has another length
   */
  float[] apply(float[] input) {
    checkArgument(
        input.length == inputs,
        "expected a vector of %s components, found %s",
        inputs,
        input.length);
    float[] hidden = new float[HIDDEN];
    addRow(hidden, 1, first, inputs);
    for (int i = 0; i < inputs; i++) {
      addRow(hidden, scale * input[i], first, i);
    }
    float[] output = new float[outputs];
    for (int i = 0; i < HIDDEN; i++) {
      addRow(output, (float) (hidden[i] / (1 + Math.exp(-hidden[i]))), second, i);
    }
    return output;
  }

  /** Adds a multiple of a matrix's row. */
  private static void addRow(float[] sum, float factor, float[] matrix, int row) {
    int start = row * sum.length;
    for (int j = 0; j < sum.length; j++) {
      sum[j] += factor * matrix[start + j];
    }
  }

  /** What to learn from. */
  private record Examples(List<float[]> inputs, List<float[]> targets, float scale) {
    int width() {
      return inputs.get(0).length + 1;
    }

    int outputs() {
      return targets.get(0).length;
    }

    /** What a step takes besides the state: a batch, drawn with repetition, and its rates. */
    Map<String, OnnxTensor> batch(Random random, int step, int steps) throws OrtException {
      FloatBuffer x = floats(BATCH * width());
      FloatBuffer y = floats(BATCH * outputs());
      for (int i = 0; i < BATCH; i++) {
        int example = random.nextInt(inputs.size());
        for (float value : inputs.get(example)) {
          x.put(scale * value);
        }
        x.put(1);
        y.put(targets.get(example));
      }
      double rate = RATE * Math.min(1, (step + 1.0) / WARM_UP) * (1 - (double) step / steps);
      return Map.of(
          "x", tensor(x.rewind(), BATCH, width()),
          "y", tensor(y.rewind(), BATCH, outputs()),
          "rate_m", scalar(rate / (1 - Math.pow(FIRST_DECAY, step + 1))),
          "unbias_v", scalar(1 / (1 - Math.pow(SECOND_DECAY, step + 1))),
          "shrink", scalar(1 - rate * WEIGHT_DECAY));
    }
  }

  /** Weights and their moments between two steps, in native tensors. */
  private static final class State implements AutoCloseable {
    private final Map<String, OnnxTensor> tensors = new HashMap<>();
    private final List<OnnxTensor> initial = new ArrayList<>();
    private OrtSession.@Nullable Result last;

    State(Examples examples, long seed) throws OrtException {
      Random random = new Random(~seed);
      put("w1", examples.width(), HIDDEN, random, 1 / Math.sqrt(examples.width()));
      // The map starts as zero: of random directions the targets know nothing.
      put("w2", HIDDEN, examples.outputs(), random, 0);
    }

    private void put(String layer, int rows, int columns, Random random, double deviation)
        throws OrtException {
      FloatBuffer weights = floats(rows * columns);
      while (weights.hasRemaining()) {
        weights.put((float) (deviation * random.nextGaussian()));
      }
      put(layer, tensor(weights.rewind(), rows, columns));
      for (String moment : List.of("m_", "v_")) {
        put(moment + layer, tensor(floats(rows * columns), rows, columns));
      }
    }

    private void put(String name, OnnxTensor tensor) {
      tensors.put(name, tensor);
      initial.add(tensor);
    }

    /** Replaces all by what a step makes of them. */
    void step(OrtSession graph, Map<String, OnnxTensor> batch) throws OrtException {
      Map<String, OnnxTensor> given = new HashMap<>(tensors);
      given.putAll(batch);
      OrtSession.Result result = graph.run(given, NEW);
      close();
      last = result;
      result.forEach(
          e -> tensors.put(e.getKey().substring(NEW_PREFIX.length()), (OnnxTensor) e.getValue()));
    }

    float[] values(String name) {
      return requireNonNull(tensors.get(name), name).getFloatBuffer().array();
    }

    @Override
    public void close() {
      initial.forEach(OnnxTensor::close);
      initial.clear();
      if (last != null) {
        last.close();
        last = null;
      }
    }
  }
}
