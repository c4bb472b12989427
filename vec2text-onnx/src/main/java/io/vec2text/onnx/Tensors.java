package io.vec2text.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;

/** Java arrays to native tensors, by way of direct buffers that the runtime uses in place. */
final class Tensors {
  private Tensors() {}

  static OnnxTensor floats(List<float[]> rows) {
    int width = rows.get(0).length;
    FloatBuffer buffer = OrtGraph.floats(Math.multiplyExact(rows.size(), width));
    rows.forEach(buffer::put);
    return OrtGraph.tensor(buffer.rewind(), rows.size(), width);
  }

  /** A tensor without any element, of float32 or float16, such as a cache of no tokens. */
  static OnnxTensor none(String type, long... shape) {
    return OrtGraph.none(type.equals("float16") ? OnnxJavaType.FLOAT16 : OnnxJavaType.FLOAT, shape);
  }

  static OnnxTensor scalar(float value) {
    return OrtGraph.tensor(OrtGraph.floats(1).put(0, value));
  }

  static OnnxTensor longs(long[] values, long... shape) {
    LongBuffer buffer = OrtGraph.longs(values.length);
    buffer.put(values).rewind();
    return OrtGraph.tensor(buffer, shape);
  }

  /** Token sequences of equal length as int64 [rows, tokens]. */
  static OnnxTensor tokens(List<int[]> rows) {
    int width = rows.get(0).length;
    long[] flat = new long[rows.size() * width];
    int i = 0;
    for (int[] row : rows) {
      for (int token : row) {
        flat[i++] = token;
      }
    }
    return longs(flat, rows.size(), width);
  }
}
