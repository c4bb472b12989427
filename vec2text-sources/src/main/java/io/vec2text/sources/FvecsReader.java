package io.vec2text.sources;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads fvecs: before each vector its dimension as int32, all little-endian. */
final class FvecsReader implements VectorReader {
  private final InputStream in;
  private final int dimension;
  private final double scale;
  private final byte[] bytes;
  private final OptionalLong rows;
  private long row;
  private boolean ended;

  private FvecsReader(InputStream in, int dimension, double scale, OptionalLong size) {
    this.in = in;
    this.dimension = dimension;
    this.scale = scale;
    bytes = new byte[Integer.BYTES + Float.BYTES * dimension];
    rows =
        size.isPresent()
            ? OptionalLong.of((size.getAsLong() + bytes.length - 1) / bytes.length)
            : OptionalLong.empty();
  }

  /** Whether content begins as fvecs of a dimension do, or of any where the file's name says so. */
  static boolean begins(byte[] head, OptionalInt dimension, boolean named) {
    if (head.length < 2 * Integer.BYTES) {
      return false;
    }
    int first = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    return named
        ? first > 0 && first <= VectorFiles.MAX_DIMENSION
        : dimension.isPresent() && first == dimension.getAsInt();
  }

  /** Reads fvecs; the source is closed with the reader. */
  static VectorReader open(Source source, ReadOptions options) throws IOException {
    if (!begins(source.head(), OptionalInt.empty(), true)) {
      throw new VectorFileException(
          source.name(), "does not begin with a dimension, expected fvecs");
    }
    int dimension = ByteBuffer.wrap(source.head()).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    return new FvecsReader(
        new BufferedInputStream(source.openLast(), 1 << 16),
        dimension,
        options.scale().orElse(1),
        source.size());
  }

  @Override
  public OptionalLong rows() {
    return rows;
  }

  @Override
  public @Nullable Row next() throws IOException {
    if (ended) {
      return null;
    }
    int read = in.readNBytes(bytes, 0, bytes.length);
    if (read == 0) {
      ended = true;
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int found = read < Integer.BYTES ? dimension : buffer.getInt();
    if (read < bytes.length || found != dimension) {
      ended = true;
      return new Row.Malformed(
          found == dimension
              ? "is truncated within vector " + row
              : "vector %d has dimension %d, those before it have %d: is it fvecs?"
                  .formatted(row, found, dimension),
          Place.UNKNOWN);
    }
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) (buffer.getFloat() * scale);
    }
    row++;
    return new Row.Vector(values, Place.UNKNOWN);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
