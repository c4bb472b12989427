package io.vec2text.sources;

import io.vec2text.sources.internal.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The header of an npy file (NumPy enhancement proposal 1, versions 1.0, 2.0 and 3.0).
 *
 * @param dict what it says
 * @param bytes its length: where the first element begins
 */
record NpyHeader(NpyDict dict, long bytes) {
  static final int[] MAGIC = {0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Far above what any array of numbers needs. */
  private static final int MAX_HEADER = 1 << 16;

  static NpyHeader read(InputStream in, String name) throws IOException {
    byte[] preamble = bytes(in, 8, name);
    if (!Foreign.startsWith(preamble, MAGIC)) {
      throw new VectorFileException(name, "is not an npy file, its first bytes are others");
    }
    int version = preamble[6];
    if (version < 1 || version > 3 || preamble[7] != 0) {
      throw new VectorFileException(
          name,
          "is of npy version %d.%d, expected 1.0, 2.0 or 3.0".formatted(version, preamble[7]));
    }
    int lengthBytes = version == 1 ? 2 : 4;
    ByteBuffer size = ByteBuffer.wrap(bytes(in, lengthBytes, name)).order(ByteOrder.LITTLE_ENDIAN);
    long length =
        version == 1
            ? Short.toUnsignedLong(size.getShort(0))
            : Integer.toUnsignedLong(size.getInt(0));
    if (length > MAX_HEADER) {
      throw new VectorFileException(
          name, "claims a header of " + length + " bytes, expected at most " + MAX_HEADER);
    }
    Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    String text = new String(bytes(in, (int) length, name), charset);
    try {
      return new NpyHeader(NpyDict.parse(text), 8L + lengthBytes + length);
    } catch (MalformedException e) {
      throw new VectorFileException(name, "has a malformed npy header: " + e.getMessage(), e);
    }
  }

  private static byte[] bytes(InputStream in, int count, String name) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new VectorFileException(name, "is truncated: it ends within the npy header");
    }
    return bytes;
  }
}
