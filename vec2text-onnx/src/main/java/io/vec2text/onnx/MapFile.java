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
    return read(PackedFile.read(file), from, to);
  }

  static SpaceMap read(PackedFile in, int from, int to) {
    if (!in.has(HEADER)) {
      throw new ModelFormatException(in.name() + " is too short, expected a map");
    }
    if (in.first(0) != from || in.first(1) != to) {
      throw new ModelFormatException(
          String.format(
              "%s maps %d components to %d, expected %d and %d",
              in.name(), in.first(0), in.first(1), from, to));
    }
    int landmarks = in.first(2);
    if (landmarks < 0 || landmarks > MAX_LANDMARKS) {
      throw new ModelFormatException(
          in.name() + " has " + landmarks + " landmarks, expected 0 to " + MAX_LANDMARKS);
    }
    in.requireSize(HEADER + Float.BYTES * floats(from, to, landmarks));
    in.ints(HEADER / Integer.BYTES);
    float scale = in.nextFloat();
    float width = in.nextFloat();
    float[] mean = in.floats(from);
    float[][] points = rows(in, landmarks, from);
    float[][] rows = rows(in, to, landmarks + from);
    try {
      return new SpaceMap(mean, scale, width, points, rows, in.floats(to));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(in.name() + ": " + e.getMessage(), e);
    }
  }

  private static long floats(long from, long to, long landmarks) {
    return 2 + from + landmarks * from + to * (landmarks + from) + to;
  }

  private static float[][] rows(PackedFile in, int rows, int width) {
    float[][] all = new float[rows][];
    for (int i = 0; i < rows; i++) {
      all[i] = in.floats(width);
    }
    return all;
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
