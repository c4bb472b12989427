package io.vec2text.sources;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header of an npy file (NumPy enhancement proposal 1, versions 1.0, 2.0 and 3.0), its claims
 * checked against the size of the file.
 *
 * @param type type of the elements
 * @param rows number of vectors, at least 1
 * @param dimension components of each, from 1 to {@link VectorFiles#MAX_DIMENSION}
 * @param dataOffset where the first vector begins
 */
record NpyHeader(NpyType type, long rows, int dimension, long dataOffset) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Far above what any array of numbers needs. */
  private static final int MAX_HEADER = 1 << 16;

  static NpyHeader read(FileChannel channel, String name, boolean scaled) throws IOException {
    ByteBuffer preamble = bytes(channel, 0, 8, name);
    byte[] magic = new byte[MAGIC.length];
    preamble.get(0, magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new VectorFileException(name, "is not an npy file, its first bytes are others");
    }
    int version = preamble.get(6);
    if (version < 1 || version > 3 || preamble.get(7) != 0) {
      throw new VectorFileException(
          name,
          "is of npy version %d.%d, expected 1.0, 2.0 or 3.0"
              .formatted(preamble.get(6), preamble.get(7)));
    }
    int lengthBytes = version == 1 ? 2 : 4;
    ByteBuffer size = bytes(channel, 8, lengthBytes, name);
    long length =
        version == 1
            ? Short.toUnsignedLong(size.getShort(0))
            : Integer.toUnsignedLong(size.getInt(0));
    if (length > MAX_HEADER) {
      throw new VectorFileException(
          name, "claims a header of " + length + " bytes, expected at most " + MAX_HEADER);
    }
    long dataOffset = 8L + lengthBytes + length;
    Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    String text = charset.decode(bytes(channel, 8L + lengthBytes, (int) length, name)).toString();
    NpyDict dict;
    try {
      dict = NpyDict.parse(text);
    } catch (MalformedException e) {
      throw new VectorFileException(name, "has a malformed npy header: " + e.getMessage(), e);
    }
    return check(dict, dataOffset, channel.size(), name, scaled);
  }

  private static NpyHeader check(
      NpyDict dict, long dataOffset, long fileSize, String name, boolean scaled)
      throws VectorFileException {
    NpyType type = type(dict.descr(), name, scaled);
    List<Long> shape = dict.shape();
    if (dict.fortranOrder() && shape.size() > 1) {
      throw new VectorFileException(
          name, "is in Fortran order, expected C order (numpy.ascontiguousarray)");
    }
    if (shape.isEmpty() || shape.size() > 2) {
      throw new VectorFileException(
          name, "has shape " + dict.shapeText() + ", expected [n, dimension] or [dimension]");
    }
    long rows = shape.size() == 1 ? 1 : shape.get(0);
    long dimension = shape.get(shape.size() - 1);
    if (rows == 0 || dimension == 0) {
      throw new VectorFileException(name, "holds no vectors, its shape is " + dict.shapeText());
    }
    if (dimension > VectorFiles.MAX_DIMENSION) {
      throw new VectorFileException(
          name,
          "claims vectors of %d numbers, expected at most %d"
              .formatted(dimension, VectorFiles.MAX_DIMENSION));
    }
    long rowBytes = dimension * type.size();
    long dataBytes = fileSize - dataOffset;
    if (dataBytes / rowBytes != rows || dataBytes % rowBytes != 0) {
      throw new VectorFileException(
          name,
          "claims %d vectors of %d bytes, but holds %d bytes of them: %s"
              .formatted(
                  rows,
                  rowBytes,
                  dataBytes,
                  dataBytes / rowBytes < rows ? "it is truncated" : "something follows them"));
    }
    return new NpyHeader(type, rows, (int) dimension, dataOffset);
  }

  private static NpyType type(@Nullable String descr, String name, boolean scaled)
      throws VectorFileException {
    if (descr == null) {
      throw new VectorFileException(name, "holds records, expected plain numbers");
    }
    if (descr.startsWith(">")) {
      throw new VectorFileException(
          name, "is big-endian (" + descr + "), expected little-endian floats, for example <f4");
    }
    NpyType type =
        descr.startsWith("<") || descr.startsWith("|") ? NpyType.of(descr.substring(1)) : null;
    if (type == null) {
      throw new VectorFileException(
          name, "holds elements of type " + descr + ", expected <f2, <f4 or <f8");
    }
    if (type.isInteger() && !scaled) {
      throw new VectorFileException(
          name,
          "holds integers (" + descr + "), expected floats, or --scale to say what they stand for");
    }
    return type;
  }

  /** Reads bytes at a place, which must lie within the file. */
  private static ByteBuffer bytes(FileChannel channel, long from, int count, String name)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    try {
      readFully(channel, buffer, from);
    } catch (EOFException e) {
      throw new VectorFileException(
          name, "is truncated: it ends within the npy header, at byte " + channel.size(), e);
    }
    return buffer;
  }

  /** Fills a buffer from a place. */
  static void readFully(FileChannel channel, ByteBuffer buffer, long from) throws IOException {
    long at = from;
    while (buffer.hasRemaining()) {
      int n = channel.read(buffer, at);
      if (n < 0) {
        throw new EOFException();
      }
      at += n;
    }
    buffer.flip();
  }
}
