package io.vec2text.eval.internal.setup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vec2text.internal.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Float32 matrices in NumPy's file format, version 1.0. */
final class NpyMatrix {
  private static final int HEADER = 128;
  private static final int CHUNK = 1 << 18;

  private NpyMatrix() {}

  /** Writes a matrix, so that a file of that name is there whole or not at all. */
  static void write(Path file, float[] matrix, int columns) throws IOException {
    Path part = OwnerOnly.temporary(file);
    try {
      try (FileChannel channel = OwnerOnly.create(part)) {
        writeFully(channel, ByteBuffer.wrap(header(matrix.length / columns, columns)));
        ByteBuffer buffer = ByteBuffer.allocate(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < matrix.length; i += CHUNK) {
          int n = Math.min(CHUNK, matrix.length - i);
          buffer.clear().limit(4 * n);
          buffer.asFloatBuffer().put(matrix, i, n);
          writeFully(channel, buffer);
        }
      }
      OwnerOnly.rename(part, file);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if the file can't be read or does not hold such a matrix
   */
  static float[] read(Path file, int rows, int columns) throws IOException {
    long expected = HEADER + 4L * rows * columns;
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() != expected) {
        throw new IOException(
            file + " has " + channel.size() + " bytes, expected " + expected + "; delete it");
      }
      ByteBuffer header = ByteBuffer.allocate(HEADER);
      readFully(channel, header, file);
      if (!header.equals(ByteBuffer.wrap(header(rows, columns)))) {
        throw new IOException(
            file + " holds no float32 matrix of " + rows + " x " + columns + "; delete it");
      }
      float[] matrix = new float[rows * columns];
      ByteBuffer buffer = ByteBuffer.allocate(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < matrix.length; i += CHUNK) {
        int n = Math.min(CHUNK, matrix.length - i);
        buffer.clear().limit(4 * n);
        readFully(channel, buffer, file);
        buffer.asFloatBuffer().get(matrix, i, n);
      }
      return matrix;
    }
  }

  private static byte[] header(int rows, int columns) {
    String fields =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", " + columns + "), }";
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.put((byte) 0x93).put("NUMPY".getBytes(US_ASCII)).put((byte) 1).put((byte) 0);
    header.putShort((short) (HEADER - 10));
    header.put(fields.getBytes(US_ASCII));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').array();
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer buffer, Path file)
      throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new IOException(file + " ends early; delete it");
      }
    }
    buffer.flip();
  }
}
