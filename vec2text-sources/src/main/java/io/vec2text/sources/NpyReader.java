package io.vec2text.sources;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the vectors of an npy file through a buffer of some 64 KiB, or one vector if that is more.
 */
final class NpyReader implements VectorReader {
  private static final int BUFFER_BYTES = 1 << 16;

  private final String name;
  private final FileChannel channel;
  private final NpyHeader header;
  private final double scale;
  private final int rowBytes;
  private final ByteBuffer buffer;
  private long row;

  private NpyReader(String name, FileChannel channel, NpyHeader header, OptionalDouble scale) {
    this.name = name;
    this.channel = channel;
    this.header = header;
    this.scale = scale.orElse(1);
    rowBytes = header.dimension() * header.type().size();
    long rows = Math.min(header.rows(), Math.max(1, BUFFER_BYTES / rowBytes));
    buffer = ByteBuffer.allocate((int) rows * rowBytes).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  }

  static NpyReader open(Path file, OptionalDouble scale) throws IOException {
    String name = file.toString();
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    boolean opened = false;
    try {
      NpyHeader header = NpyHeader.read(channel, name, scale.isPresent());
      NpyReader reader = new NpyReader(name, channel, header, scale);
      opened = true;
      return reader;
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  @Override
  public OptionalLong rows() {
    return OptionalLong.of(header.rows());
  }

  @Override
  public @Nullable Row next() throws IOException {
    if (row == header.rows()) {
      return null;
    }
    if (!buffer.hasRemaining()) {
      fill();
    }
    float[] values = new float[header.dimension()];
    for (int i = 0; i < values.length; i++) {
      int position = buffer.position() + i * header.type().size();
      values[i] = (float) (header.type().get(buffer, position) * scale);
    }
    buffer.position(buffer.position() + rowBytes);
    row++;
    return new Row.Vector(values, Place.UNKNOWN);
  }

  private void fill() throws IOException {
    long rows = Math.min(header.rows() - row, buffer.capacity() / rowBytes);
    buffer.clear().limit((int) rows * rowBytes);
    try {
      NpyHeader.readFully(channel, buffer, header.dataOffset() + row * rowBytes);
    } catch (EOFException e) {
      throw new VectorFileException(name, "became shorter while it was read", e);
    }
  }

  @Override
  public long skip(long count) {
    long skipped = Math.min(count, header.rows() - row);
    row += skipped;
    buffer.limit(0);
    return skipped;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
