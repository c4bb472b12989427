package io.vec2text.onnx;

import com.google.common.primitives.Ints;
import io.vec2text.bridge.LinearMap;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The map of a bridge, as the package's file {@code map.bin} holds it, big-endian: int32 dimension
 * of the base space, int32 dimension of the new space, float32 offset [base dimension], float32
 * rows [base dimension, dimension].
 */
final class MapFile {
  private static final int HEADER = 2 * Integer.BYTES;

  private MapFile() {}

  /**
   * Reads a map.
   *
   * @param from dimension of the new space
   * @param to dimension of the base space
   * @throws ModelFormatException if the file holds none, or one of other spaces
   */
  static LinearMap read(Path file, int from, int to) {
    return read(file.toString(), WordTable.bytes(file), from, to);
  }

  static LinearMap read(String name, byte[] bytes, int from, int to) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.remaining() >= HEADER && (in.getInt(0) != to || in.getInt(4) != from)) {
      throw new ModelFormatException(
          String.format(
              "%s maps %d components to %d, expected %d and %d",
              name, in.getInt(4), in.getInt(0), from, to));
    }
    long expected = HEADER + (1L + from) * to * Float.BYTES;
    if (in.remaining() != expected) {
      throw new ModelFormatException(
          name + " has " + in.remaining() + " bytes, expected " + expected);
    }
    in.position(HEADER);
    float[] offset = floats(in, to);
    float[][] rows = new float[to][];
    for (int i = 0; i < to; i++) {
      rows[i] = floats(in, from);
    }
    try {
      return new LinearMap(rows, offset);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(name + ": " + e.getMessage(), e);
    }
  }

  private static float[] floats(ByteBuffer in, int n) {
    float[] floats = new float[n];
    in.asFloatBuffer().get(floats);
    in.position(in.position() + Float.BYTES * n);
    return floats;
  }

  /** The bytes of a file. */
  static byte[] write(LinearMap map) {
    int to = map.toDimension();
    int from = map.fromDimension();
    ByteBuffer out = ByteBuffer.allocate(Ints.checkedCast(HEADER + (1L + from) * to * Float.BYTES));
    out.putInt(to).putInt(from);
    for (float x : map.offset()) {
      out.putFloat(x);
    }
    for (float[] row : map.rows()) {
      for (float x : row) {
        out.putFloat(x);
      }
    }
    return out.array();
  }
}
