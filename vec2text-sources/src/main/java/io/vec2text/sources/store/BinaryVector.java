package io.vec2text.sources.store;

import io.vec2text.sources.internal.Components;
import io.vec2text.sources.internal.HalfFloat;
import io.vec2text.sources.internal.MalformedException;
import io.vec2text.sources.internal.VectorText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * Vectors as bytes of little-endian numbers: float32, unless the dimension and the number of bytes
 * say that they are float16 or float64. Bytes that cannot be either may be a list in text.
 */
final class BinaryVector {
  private BinaryVector() {}

  /** Reads a vector. */
  static void read(byte[] bytes, OptionalInt dimension, Components components)
      throws MalformedException {
    int size = elementSize(bytes.length, dimension);
    if (bytes.length % size != 0) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      if ((text.startsWith("[") || text.startsWith("{")) && VectorText.isVector(text, dimension)) {
        VectorText.read(text, dimension, components);
        return;
      }
      throw new MalformedException(
          "has " + bytes.length + " bytes, expected float32 numbers of 4 bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      components.add(
          switch (size) {
            case 2 -> HalfFloat.toDouble(buffer.getShort());
            case 4 -> buffer.getFloat();
            default -> buffer.getDouble();
          });
    }
  }

  /** The bytes of a number in a vector of so many bytes. */
  static int elementSize(long bytes, OptionalInt dimension) {
    if (dimension.isPresent() && bytes == 8L * dimension.getAsInt()) {
      return 8;
    }
    return dimension.isPresent() && bytes == 2L * dimension.getAsInt() ? 2 : 4;
  }
}
