package io.vec2text.onnx;

import com.google.common.primitives.Ints;
import io.vec2text.bridge.SpaceMap;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/**
 * The map of a bridge, as the package's file {@code map.bin} holds it, big-endian: int32 dimension
 * D of the new space, int32 dimension B of the base space, int32 number of landmarks L; float32
 * scale, width, mean [D], landmarks [L, D], rows [B, L + D], offset [B].
 */
final class MapFile {
  private static final int HEADER = 3 * Integer.BYTES;

  /** More landmarks than any bridge has. */
  private static final int MAX_LANDMARKS = 1 << 16;

  private MapFile() {}

  /**
   * Reads a map.
   *
   * @param from dimension of the new space
   * @param to dimension of the base space
   * @throws ModelFormatException if the file holds none, or one of other spaces
   */
  static SpaceMap read(Path file, int from, int to) {
    PackedFile packed = PackedFile.read(file);
    return read(packed.name(), packed.in().array(), from, to);
  }

  static SpaceMap read(String name, byte[] bytes, int from, int to) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.remaining() < HEADER) {
      throw new ModelFormatException(name + " has " + in.remaining() + " bytes, expected a map");
    }
    if (in.getInt(0) != from || in.getInt(4) != to) {
      throw new ModelFormatException(
          String.format(
              "%s maps %d components to %d, expected %d and %d",
              name, in.getInt(0), in.getInt(4), from, to));
    }
    int landmarks = in.getInt(8);
    if (landmarks < 0 || landmarks > MAX_LANDMARKS) {
      throw new ModelFormatException(
          name + " has " + landmarks + " landmarks, expected 0 to " + MAX_LANDMARKS);
    }
    long expected = HEADER + Float.BYTES * floats(from, to, landmarks);
    if (in.remaining() != expected) {
      throw new ModelFormatException(
          name + " has " + in.remaining() + " bytes, expected " + expected);
    }
    FloatBuffer floats = in.position(HEADER).asFloatBuffer();
    float scale = floats.get();
    float width = floats.get();
    float[] mean = row(floats, from);
    float[][] points = rows(floats, landmarks, from);
    float[][] rows = rows(floats, to, landmarks + from);
    try {
      return new SpaceMap(mean, scale, width, points, rows, row(floats, to));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(name + ": " + e.getMessage(), e);
    }
  }

  private static long floats(long from, long to, long landmarks) {
    return 2 + from + landmarks * from + to * (landmarks + from) + to;
  }

  private static float[][] rows(FloatBuffer in, int rows, int width) {
    float[][] all = new float[rows][];
    for (int i = 0; i < rows; i++) {
      all[i] = row(in, width);
    }
    return all;
  }

  private static float[] row(FloatBuffer in, int width) {
    float[] row = new float[width];
    in.get(row);
    return row;
  }

  /** The bytes of a file. */
  static byte[] write(SpaceMap map) {
    int from = map.fromDimension();
    int to = map.toDimension();
    int landmarks = map.landmarks().length;
    ByteBuffer out =
        ByteBuffer.allocate(Ints.checkedCast(HEADER + Float.BYTES * floats(from, to, landmarks)));
    out.putInt(from).putInt(to).putInt(landmarks);
    FloatBuffer floats = out.asFloatBuffer();
    floats.put(map.scale()).put(map.width()).put(map.mean());
    for (float[] landmark : map.landmarks()) {
      floats.put(landmark);
    }
    for (float[] row : map.rows()) {
      floats.put(row);
    }
    floats.put(map.offset());
    return out.array();
  }
}
