package io.vec2text.sources;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * Writes vectors as a little-endian float32 npy file of shape [n, dimension], version 1.0. The
 * header has room for any n and is written again at the end, when n is known.
 */
public final class NpyWriter implements Closeable {
  private static final int HEADER_BYTES = 128;

  private final FileChannel channel;
  private final int dimension;
  private final ByteBuffer buffer;
  private long rows;

  /**
   * A writer to the start of a file.
   *
   * @param channel the empty file; it is closed with this writer
   * @param dimension components of each vector
   */
  public NpyWriter(FileChannel channel, int dimension) throws IOException {
    checkArgument(dimension > 0, "dimension must be at least 1, was %s", dimension);
    this.channel = channel;
    this.dimension = dimension;
    buffer = ByteBuffer.allocate(dimension * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    writeFully(header(0));
  }

  /** Appends a vector. */
  public void write(float[] vector) throws IOException {
    checkArgument(
        vector.length == dimension,
        "vector has dimension %s, expected %s",
        vector.length,
        dimension);
    buffer.clear();
    for (float v : vector) {
      buffer.putFloat(v);
    }
    writeFully(buffer.flip());
    rows++;
  }

  /** The vectors written so far. */
  public long rows() {
    return rows;
  }

  /** Writes the header's number of rows and brings the file to the disk. */
  public void finish() throws IOException {
    ByteBuffer header = header(rows);
    while (header.hasRemaining()) {
      channel.write(header, header.position());
    }
    channel.force(true);
  }

  private ByteBuffer header(long n) {
    String dict =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + n + ", " + dimension + "), }";
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    header.put((byte) 1).put((byte) 0).putShort((short) (HEADER_BYTES - 10));
    header.put(dict.getBytes(StandardCharsets.US_ASCII));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').flip();
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
