package io.vec2text.onnx;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtSession;
import com.google.common.collect.Maps;
import io.vec2text.InferenceException;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/** A graph in its role in a model package: checked against the manifest, with outputs by name. */
final class Graph implements AutoCloseable {
  private final OrtGraph graph;
  private final Manifest.Graph role;

  private Graph(OrtGraph graph, Manifest.Graph role) {
    this.graph = graph;
    this.role = role;
  }

  /** Loads the graphs of a package that turn vectors into text, by role. */
  static Map<String, Graph> openAll(ModelPackage model, Device device, int threads) {
    Map<String, Graph> graphs = new HashMap<>();
    try {
      for (String role : model.inversion().kind().roles()) {
        OrtGraph graph = model.graph(role, device, threads);
        graphs.put(role, new Graph(graph, model.inversion().graph(role)));
      }
      return graphs;
    } catch (RuntimeException e) {
      graphs.values().forEach(Graph::close);
      throw e;
    }
  }

  /** The graph of a role, of those that a package of its kind has. */
  static Graph of(String role, Map<String, Graph> graphs) {
    return requireNonNull(graphs.get(role), role);
  }

  /** The type of an input, for example {@code float32}. */
  String inputType(String name) {
    Manifest.Tensor tensor = role.inputs().get(name);
    if (tensor == null) {
      throw new ModelFormatException(
          "graph " + graph.name() + " has no input " + name + "; it has " + role.inputs().keySet());
    }
    return tensor.type();
  }

  /** Runs the graph on those of the tensors that it takes; the caller closes the result. */
  Result run(Map<String, OnnxTensor> tensors) {
    return new Result(
        graph.run(Maps.filterKeys(tensors, role.inputs()::containsKey), role.outputs().keySet()));
  }

  @Override
  public void close() {
    graph.close();
  }

  /** The outputs of a run. */
  static final class Result implements AutoCloseable {
    private final OrtSession.Result outputs;

    private Result(OrtSession.Result outputs) {
      this.outputs = outputs;
    }

    /** A tensor that lives as long as this result. */
    OnnxTensor tensor(String name) {
      OnnxValue value =
          outputs
              .get(name)
              .orElseThrow(() -> new InferenceException("the graph gave no output " + name));
      return (OnnxTensor) value;
    }

    float[] floats(String name) {
      return tensor(name).getFloatBuffer().array();
    }

    int[] ints(String name) {
      IntBuffer buffer = tensor(name).getIntBuffer();
      int[] out = new int[buffer.remaining()];
      buffer.get(out);
      return out;
    }

    long[] longs(String name) {
      LongBuffer buffer = tensor(name).getLongBuffer();
      long[] out = new long[buffer.remaining()];
      buffer.get(out);
      return out;
    }

    /** Puts every output into {@code tensors} under its name. */
    void into(Map<String, OnnxTensor> tensors) {
      outputs.forEach(e -> tensors.put(e.getKey(), (OnnxTensor) e.getValue()));
    }

    @Override
    public void close() {
      outputs.close();
    }
  }

  /** Closes native tensors, whose closing can't fail in a way that a caller could handle. */
  static void quietly(AutoCloseable tensors) {
    try {
      tensors.close();
    } catch (Exception e) {
      throw new InferenceException("can't release tensors: " + e.getMessage(), e);
    }
  }
}
