package io.vec2text.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Makes npy files with any header, true or not. */
public final class NpyBytes {
  private NpyBytes() {}

  /** A version 1.0 file of a dictionary and data. */
  public static byte[] of(String dict, byte[] data) {
    byte[] header = (dict + "\n").getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer file = ByteBuffer.allocate(10 + header.length + data.length);
    file.order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0x93)
        .put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    file.put((byte) 1).put((byte) 0).putShort((short) header.length).put(header).put(data);
    return file.array();
  }

  /** The dictionary of a float32 array. */
  public static String dict(String shape) {
    return "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
  }

  /** Vectors as little-endian float32. */
  public static byte[] data(float[]... vectors) {
    ByteBuffer data =
        ByteBuffer.allocate(vectors.length * vectors[0].length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] vector : vectors) {
      for (float v : vector) {
        data.putFloat(v);
      }
    }
    return data.array();
  }

  /** A good float32 file. */
  public static byte[] file(float[]... vectors) {
    return of(dict("(" + vectors.length + ", " + vectors[0].length + ")"), data(vectors));
  }
}
