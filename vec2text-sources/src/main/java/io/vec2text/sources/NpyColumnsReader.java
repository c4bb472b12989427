package io.vec2text.sources;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads vectors whose components lie far apart: arrays in Fortran order, and those whose columns
 * are the vectors. The array goes into a temporary file first, from which some vectors at a time
 * are gathered.
 */
final class NpyColumnsReader implements VectorReader {
  private static final int BLOCK_BYTES = 1 << 20;

  private final String name;
  private final FileChannel channel;
  private final NpyLayout layout;
  private final double scale;
  private final ByteBuffer block;
  private final int blockRows;
  private long row;

  private NpyColumnsReader(String name, FileChannel channel, NpyLayout layout, double scale) {
    this.name = name;
    this.channel = channel;
    this.layout = layout;
    this.scale = scale;
    blockRows = (int) Math.min(layout.rows(), Math.max(1, BLOCK_BYTES / layout.rowBytes()));
    block = ByteBuffer.allocate(blockRows * layout.rowBytes()).order(layout.order());
  }

  static NpyColumnsReader open(InputStream in, String name, NpyLayout layout, double scale)
      throws IOException {
    FileChannel channel = TemporaryFile.create();
    boolean opened = false;
    try (in) {
      long bytes = 0;
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        ByteBuffer rest = ByteBuffer.wrap(buffer, 0, n);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        bytes += n;
      }
      long claimed = bytes / layout.rowBytes();
      if (claimed != layout.rows() || bytes % layout.rowBytes() != 0) {
        throw new VectorFileException(
            name,
            "claims %d vectors of %d bytes by columns, but holds %d bytes of them: %s"
                .formatted(
                    layout.rows(),
                    layout.rowBytes(),
                    bytes,
                    claimed < layout.rows() ? "it is truncated" : "something follows them"));
      }
      opened = true;
      return new NpyColumnsReader(name, channel, layout, scale);
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  @Override
  public OptionalLong rows() {
    return OptionalLong.of(layout.rows());
  }

  @Override
  public String description() {
    return layout.note();
  }

  @Override
  public @Nullable Row next() throws IOException {
    if (row == layout.rows()) {
      return null;
    }
    int inBlock = (int) (row % blockRows);
    if (inBlock == 0) {
      fill();
    }
    int size = layout.type().size();
    float[] values = layout.row(block, inBlock * size, blockRows * size, scale);
    row++;
    return new Row.Vector(values, Place.UNKNOWN);
  }

  /** Reads a piece of each column. */
  private void fill() throws IOException {
    int size = layout.type().size();
    int rows = (int) Math.min(blockRows, layout.rows() - row);
    for (int column = 0; column < layout.columns(); column++) {
      ByteBuffer piece = block.slice(column * blockRows * size, rows * size);
      long at = (column * layout.rows() + row) * size;
      while (piece.hasRemaining()) {
        int n = channel.read(piece, at);
        if (n < 0) {
          throw new VectorFileException(name, "its temporary copy became shorter");
        }
        at += n;
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
