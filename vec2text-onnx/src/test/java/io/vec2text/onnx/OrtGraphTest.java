package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import io.vec2text.InferenceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrtGraphTest {
  private static final Manifest.Tensor SQUARE =
      new Manifest.Tensor("float32", ImmutableList.of("2", "2"));

  @TempDir Path folder;
  private Path file;
  private byte[] graph;

  @BeforeEach
  void writeGraph() throws IOException {
    graph = Resources.toByteArray(Resources.getResource(OrtGraph.class, "probe.onnx"));
    file = Files.write(folder.resolve("square.onnx"), graph);
  }

  private OrtGraph open() {
    return OrtGraph.open(file, Device.CPU, 1);
  }

  @Test
  void runs() {
    try (OrtGraph square = open();
        OnnxTensor x =
            OrtGraph.tensor(OrtGraph.floats(4).put(new float[] {1, 2, 3, 4}).flip(), 2, 2);
        OrtSession.Result y = square.run(Map.of("x", x), Set.of("y"))) {
      assertThat(((OnnxTensor) y.get(0)).getFloatBuffer().array()).containsExactly(7, 10, 15, 22);
    }
  }

  @Test
  void afterCloseItIsClosed() {
    OrtGraph square = open();
    square.close();
    square.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> square.run(Map.of(), Set.of("y")))
        .withMessage("graph square.onnx is closed");
  }

  @Test
  void aFailedRunIsAnInferenceException() {
    try (OrtGraph square = open();
        OnnxTensor x = OrtGraph.tensor(OrtGraph.floats(6), 2, 3)) {
      assertThatExceptionOfType(InferenceException.class)
          .isThrownBy(() -> square.run(Map.of("x", x), Set.of("y")))
          .withMessageStartingWith("graph square.onnx failed: ")
          .withMessageContaining("Expected: 2")
          .withCauseInstanceOf(ai.onnxruntime.OrtException.class);
    }
  }

  @Test
  void missingOrDamagedGraphsAreRefused() throws IOException {
    Files.write(file, Arrays.copyOf(graph, graph.length / 2));
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(this::open)
        .withMessageStartingWith("can't load graph square.onnx on cpu: ");

    Files.delete(file);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(this::open)
        .withMessage("graph " + file + " is missing or not a file");
  }

  @Test
  void tensorsMustBeThoseExpected() {
    try (OrtGraph square = open()) {
      square.check(Map.of("x", SQUARE), Map.of("y", SQUARE));

      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> square.check(Map.of("x", SQUARE), Map.of("z", SQUARE)))
          .withMessage("graph square.onnx has no output z, expected float32 [2, 2]; it has [y]");
      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> square.check(Map.of("x", SQUARE, "w", SQUARE), Map.of()))
          .withMessage("graph square.onnx has no input w, expected float32 [2, 2]; it has [x]");
      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> square.check(Map.of(), Map.of("y", SQUARE)))
          .withMessage("graph square.onnx needs the inputs [x], expected only []");
      Manifest.Tensor wide = new Manifest.Tensor("float32", ImmutableList.of("rows", "3"));
      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> square.check(Map.of("x", wide), Map.of()))
          .withMessage(
              "input x of graph square.onnx is float32 [2, 2], expected float32 [rows, 3]");
    }
  }
}
