package io.vec2text.sources;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the vectors of npy data through a buffer of some 64 KiB, or one vector if that is more.
 * Arrays may follow each other, as when {@code np.save} was called again on an open file.
 */
final class NpyReader implements VectorReader {
  private static final int BUFFER_BYTES = 1 << 16;

  private final String name;
  private final PushbackInputStream in;
  private final ReadOptions options;
  private final OptionalLong rows;
  private NpyLayout layout;
  private byte[] bytes;
  private ByteBuffer buffer;
  private long row;
  private boolean ended;

  private NpyReader(
      String name, PushbackInputStream in, ReadOptions options, NpyLayout layout, OptionalLong rows)
      throws IOException {
    this.name = name;
    this.in = in;
    this.options = options;
    this.rows = rows;
    this.layout = layout;
    bytes = new byte[bufferBytes(layout)];
    buffer = ByteBuffer.wrap(bytes).order(layout.order()).limit(0);
    fill();
    if (!buffer.hasRemaining()) {
      throw new VectorFileException(
          name,
          "claims %d vectors of %d bytes, but holds not one: it is truncated"
              .formatted(layout.rows(), layout.rowBytes()));
    }
  }

  /**
   * Reads npy data.
   *
   * @param in the data; it is closed with the reader, or if this fails
   * @param size the number of bytes, if it is known
   */
  static VectorReader open(InputStream in, String name, ReadOptions options, OptionalLong size)
      throws IOException {
    boolean opened = false;
    try {
      NpyHeader header = NpyHeader.read(in, name);
      NpyLayout layout = NpyLayout.of(header.dict(), options, name);
      VectorReader reader =
          layout.byColumns()
              ? NpyColumnsReader.open(in, name, layout, options.scale().orElse(1))
              : new NpyReader(
                  name,
                  new PushbackInputStream(in, NpyHeader.MAGIC.length),
                  options,
                  layout,
                  rows(layout, header, size));
      opened = true;
      return reader;
    } finally {
      if (!opened) {
        in.close();
      }
    }
  }

  /** The rows to come, with one for a row that is cut off; unknown if something follows them. */
  private static OptionalLong rows(NpyLayout layout, NpyHeader header, OptionalLong size) {
    if (size.isEmpty()) {
      return OptionalLong.of(layout.rows());
    }
    long data = size.getAsLong() - header.bytes();
    long whole = data / layout.rowBytes();
    if (whole < layout.rows()) {
      return OptionalLong.of(whole + 1);
    }
    return whole == layout.rows() && data % layout.rowBytes() == 0
        ? OptionalLong.of(whole)
        : OptionalLong.empty();
  }

  private static int bufferBytes(NpyLayout layout) {
    long rows = Math.min(layout.rows(), Math.max(1, BUFFER_BYTES / layout.rowBytes()));
    return (int) rows * layout.rowBytes();
  }

  @Override
  public OptionalLong rows() {
    return rows;
  }

  @Override
  public String description() {
    return layout.note();
  }

  @Override
  public @Nullable Row next() throws IOException {
    if (ended) {
      return null;
    }
    if (row == layout.rows()) {
      Row last = follow();
      if (ended) {
        return last;
      }
    }
    if (buffer.remaining() < layout.rowBytes()) {
      fill();
    }
    if (buffer.remaining() < layout.rowBytes()) {
      ended = true;
      return new Row.Malformed(
          "is truncated: rows %d to %d of %d are missing"
              .formatted(row, layout.rows() - 1, layout.rows()),
          Place.UNKNOWN);
    }
    float[] values =
        layout.row(buffer, buffer.position(), layout.type().size(), options.scale().orElse(1));
    buffer.position(buffer.position() + layout.rowBytes());
    row++;
    return new Row.Vector(values, Place.UNKNOWN);
  }

  /** Goes on to an array that follows; if there is none, the end, with a row for what is there. */
  private @Nullable Row follow() throws IOException {
    byte[] next = in.readNBytes(NpyHeader.MAGIC.length);
    if (!Foreign.startsWith(next, NpyHeader.MAGIC)) {
      ended = true;
      return next.length == 0
          ? null
          : new Row.Malformed(
              "bytes follow the %d vectors that the npy header claims".formatted(layout.rows()),
              Place.UNKNOWN);
    }
    in.unread(next);
    NpyLayout following = NpyLayout.of(NpyHeader.read(in, name).dict(), options, name);
    if (following.dimension() != layout.dimension() || following.byColumns()) {
      throw new VectorFileException(name, "holds a second array, of another kind than the first");
    }
    layout = following;
    bytes = new byte[bufferBytes(layout)];
    buffer = ByteBuffer.wrap(bytes).order(layout.order()).limit(0);
    row = 0;
    return null;
  }

  private void fill() throws IOException {
    buffer.compact();
    long rows = Math.min(layout.rows() - row, buffer.capacity() / layout.rowBytes());
    int wanted = (int) rows * layout.rowBytes() - buffer.position();
    buffer.position(buffer.position() + in.readNBytes(bytes, buffer.position(), wanted));
    buffer.flip();
    if (row == 0 && buffer.remaining() < layout.rowBytes()) {
      buffer.limit(0);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
