package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.vec2text.InferenceException;
import io.vec2text.internal.CloseGuard;
import io.vec2text.internal.ShutdownOrder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A graph, loaded. Serves many threads at once; {@link #close} is idempotent and waits for runs in
 * flight.
 */
final class OrtGraph implements AutoCloseable {
  private final String name;
  private final SessionOptions options;
  private final OrtSession session;
  private final ImmutableMap<String, TensorInfo> inputs;
  private final ImmutableMap<String, TensorInfo> outputs;
  private final CloseGuard gate;

  /** On CUDA concurrent runs of a session hoard memory and gain nothing, so they take turns. */
  private final @Nullable ReentrantLock turn;

  private OrtGraph(String name, SessionOptions options, OrtSession session, Device device)
      throws OrtException {
    this.name = name;
    this.options = options;
    this.session = session;
    this.inputs = tensors(session.getInputInfo());
    this.outputs = tensors(session.getOutputInfo());
    this.gate = new CloseGuard("graph " + name);
    this.turn = device.kind() == Device.Kind.CUDA ? new ReentrantLock() : null;
  }

  /**
   * Loads a graph.
   *
   * @param file ONNX file
   * @param device CPU or a CUDA device, not AUTO
   * @param threads threads of a run; 0 for one a core
   * @throws ModelFormatException if the file is missing or holds no graph
   */
  static OrtGraph open(Path file, Device device, int threads) {
    checkArgument(device.kind() != Device.Kind.AUTO, "device must be cpu or cuda:N, was auto");
    OrtRuntime.checkThreads(threads);
    String name = String.valueOf(file.getFileName());
    if (!Files.isRegularFile(file)) {
      throw new ModelFormatException("graph " + file + " is missing or not a file");
    }
    return open(
        name,
        device,
        threads,
        options -> OrtRuntime.environment().createSession(file.toString(), options));
  }

  /**
   * Loads a graph that is in memory, for the CPU.
   *
   * @param name what to call it in messages
   * @param graph its ONNX bytes
   * @param threads threads of a run; 0 for one a core
   */
  static OrtGraph open(String name, byte[] graph, int threads) {
    return open(
        name,
        Device.CPU,
        threads,
        options -> OrtRuntime.environment().createSession(graph, options));
  }

  private static OrtGraph open(String name, Device device, int threads, Loader loader) {
    ShutdownOrder.check();
    return OrtRuntime.pass(() -> load(name, device, threads, loader));
  }

  private static OrtGraph load(String name, Device device, int threads, Loader loader) {
    SessionOptions options = null;
    OrtSession session = null;
    try {
      options = OrtRuntime.options(device, threads);
      session = loader.load(options);
      return new OrtGraph(name, options, session, device);
    } catch (OrtException e) {
      release(name, session, options);
      throw new ModelFormatException(
          "can't load graph " + name + " on " + device + ": " + OrtRuntime.line(e), e);
    }
  }

  /** Makes a session. */
  private interface Loader {
    OrtSession load(SessionOptions options) throws OrtException;
  }

  /** The file's name, for messages. */
  String name() {
    return name;
  }

  /** The tensors that a run needs. A dimension that may vary has the size -1. */
  ImmutableMap<String, TensorInfo> inputs() {
    return inputs;
  }

  /** The tensors that a run can give. */
  ImmutableMap<String, TensorInfo> outputs() {
    return outputs;
  }

  /**
   * Checks that the graph takes these inputs and no others, and gives these outputs: of the same
   * names and types, and, where the specification gives a number, of the same size.
   *
   * @throws ModelFormatException naming the tensor, what was found and what was expected
   */
  void check(Map<String, Manifest.Tensor> inputs, Map<String, Manifest.Tensor> outputs) {
    if (!inputs.keySet().containsAll(this.inputs.keySet())) {
      throw new ModelFormatException(
          String.format(
              "graph %s needs the inputs %s, expected only %s",
              name, this.inputs.keySet(), inputs.keySet()));
    }
    inputs.forEach((tensor, expected) -> check("input", tensor, this.inputs, expected));
    outputs.forEach((tensor, expected) -> check("output", tensor, this.outputs, expected));
  }

  private void check(
      String kind, String tensor, Map<String, TensorInfo> all, Manifest.Tensor expected) {
    TensorInfo info = all.get(tensor);
    if (info == null) {
      throw new ModelFormatException(
          String.format(
              "graph %s has no %s %s, expected %s; it has %s",
              name, kind, tensor, expected, all.keySet()));
    }
    Manifest.Tensor found = describe(info);
    if (!expected.accepts(found)) {
      throw new ModelFormatException(
          String.format(
              "%s %s of graph %s is %s, expected %s", kind, tensor, name, found, expected));
    }
  }

  private static Manifest.Tensor describe(TensorInfo info) {
    String type =
        switch (info.type) {
          case FLOAT -> "float32";
          case DOUBLE -> "float64";
          default -> info.type.name().toLowerCase(Locale.ROOT);
        };
    ImmutableList.Builder<String> shape = ImmutableList.builder();
    long[] sizes = info.getShape();
    String[] names = info.getDimensionNames();
    for (int i = 0; i < sizes.length; i++) {
      String symbol = names[i].isEmpty() ? "?" : names[i];
      shape.add(sizes[i] < 0 ? symbol : Long.toString(sizes[i]));
    }
    return new Manifest.Tensor(type, shape.build());
  }

  /**
   * Runs the graph.
   *
   * @param inputs tensors by name; they stay the caller's
   * @param outputs the tensors to compute
   * @return the outputs, on the host; the caller closes it
   * @throws InferenceException if the run fails
   * @throws IllegalStateException if this graph is closed
   */
  OrtSession.Result run(Map<String, ? extends OnnxTensorLike> inputs, Set<String> outputs) {
    return gate.pass(() -> inTurn(() -> OrtRuntime.pass(() -> runNow(inputs, outputs))));
  }

  private OrtSession.Result runNow(
      Map<String, ? extends OnnxTensorLike> inputs, Set<String> outputs) {
    try {
      return session.run(inputs, outputs);
    } catch (OrtException e) {
      throw new InferenceException("graph " + name + " failed: " + OrtRuntime.line(e), e);
    }
  }

  private OrtSession.Result inTurn(Supplier<OrtSession.Result> run) {
    if (turn == null) {
      return run.get();
    }
    turn.lock();
    try {
      return run.get();
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void close() {
    gate.close(() -> release(name, session, options));
  }

  /** A new tensor over a direct buffer's memory, from its position to its limit. */
  static OnnxTensor tensor(LongBuffer data, long... shape) {
    checkArgument(data.isDirect(), "tensors are made of direct buffers");
    try {
      return OnnxTensor.createTensor(OrtRuntime.environment(), data, shape);
    } catch (OrtException e) {
      throw new InferenceException("can't make a tensor: " + OrtRuntime.line(e), e);
    }
  }

  /** A new tensor over a direct buffer's memory, from its position to its limit. */
  static OnnxTensor tensor(FloatBuffer data, long... shape) {
    checkArgument(data.isDirect(), "tensors are made of direct buffers");
    try {
      return OnnxTensor.createTensor(OrtRuntime.environment(), data, shape);
    } catch (OrtException e) {
      throw new InferenceException("can't make a tensor: " + OrtRuntime.line(e), e);
    }
  }

  /** A new tensor without any element: one of the sizes is 0. */
  static OnnxTensor none(OnnxJavaType type, long... shape) {
    try {
      return OnnxTensor.createTensor(
          OrtRuntime.environment(), ByteBuffer.allocateDirect(0), shape, type);
    } catch (OrtException e) {
      throw new InferenceException("can't make a tensor: " + OrtRuntime.line(e), e);
    }
  }

  /** A direct buffer. */
  static LongBuffer longs(int size) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(size, Long.BYTES))
        .order(ByteOrder.nativeOrder())
        .asLongBuffer();
  }

  /** A direct buffer. */
  static FloatBuffer floats(int size) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static ImmutableMap<String, TensorInfo> tensors(Map<String, NodeInfo> nodes) {
    ImmutableMap.Builder<String, TensorInfo> tensors = ImmutableMap.builder();
    nodes.forEach(
        (node, info) -> {
          if (info.getInfo() instanceof TensorInfo tensor && tensor.type != OnnxJavaType.UNKNOWN) {
            tensors.put(node, tensor);
          }
        });
    return tensors.buildOrThrow();
  }

  private static void release(
      String name, @Nullable OrtSession session, @Nullable SessionOptions options) {
    try {
      if (session != null) {
        session.close();
      }
    } catch (OrtException e) {
      throw new InferenceException("can't close graph " + name + ": " + OrtRuntime.line(e), e);
    } finally {
      // The session uses its options to the last.
      if (options != null) {
        options.close();
      }
    }
  }
}
