package io.vec2text.sources;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes vectors as a little-endian float32 npy file of shape [n, dimension], version 1.0. The
 * header has room for any n and is written again at the end, when n is known.
 */
final class NpyWriter extends VectorWriter {
  private static final int HEADER_BYTES = 128;

  private final FileChannel channel;
  private final ByteBuffer buffer;

  /**
   * A writer to the start of a file.
   *
   * @param channel the empty file; it is closed with this writer
   * @param dimension components of each vector
   */
  NpyWriter(FileChannel channel, int dimension) throws IOException {
    super(dimension);
    this.channel = channel;
    buffer = ByteBuffer.allocate(dimension * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    writeFully(header(0));
  }

  @Override
  void append(float[] vector, Optional<String> id) throws IOException {
    buffer.clear();
    for (float v : vector) {
      buffer.putFloat(v);
    }
    writeFully(buffer.flip());
  }

  @Override
  public void finish() throws IOException {
    ByteBuffer header = header(rows());
    while (header.hasRemaining()) {
      channel.write(header, header.position());
    }
    channel.force(true);
  }

  private ByteBuffer header(long n) {
    String dict =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + n + ", " + dimension() + "), }";
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
