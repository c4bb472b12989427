package io.vec2text.sources;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the indexes of FAISS that hold whole vectors: flat ones, alone, with ids of their own
 * ({@code IndexIDMap}), or below a graph ({@code IndexHNSWFlat}). All numbers are little-endian.
 */
final class FaissReader implements VectorReader {
  private static final Set<String> FLAT = Set.of("IxFI", "IxF2", "IxFl");
  private static final Set<String> ID_MAPS = Set.of("IxM2", "IxMp");
  private static final String GRAPH = "IHNf";
  private static final int MAX_NESTING = 3;

  private final Layout layout;
  private final InputStream in;

  /** Stands before the ids; null if there are none. */
  private final @Nullable InputStream ids;

  private final double scale;
  private final byte[] bytes;
  private long row;
  private boolean ended;

  /**
   * What the headers say.
   *
   * @param withIds whether ids follow the vectors
   */
  private record Layout(int dimension, long rows, boolean withIds) {}

  private FaissReader(Layout layout, InputStream in, @Nullable InputStream ids, double scale) {
    this.layout = layout;
    this.in = in;
    this.ids = ids;
    this.scale = scale;
    bytes = new byte[Float.BYTES * layout.dimension()];
  }

  /** Whether content is an index that may be read here. */
  static boolean begins(byte[] head) {
    if (head.length < Integer.BYTES) {
      return false;
    }
    String kind = new String(head, 0, Integer.BYTES, StandardCharsets.ISO_8859_1);
    return FLAT.contains(kind) || ID_MAPS.contains(kind) || kind.equals(GRAPH);
  }

  /** Opens an index; the source is closed with the reader. */
  static VectorReader open(Source source, ReadOptions options) throws IOException {
    String name = source.name();
    InputStream in = new BufferedInputStream(source.open(), 1 << 16);
    boolean opened = false;
    try {
      Layout layout = layout(in, name);
      @Nullable InputStream ids = layout.withIds() ? ids(source, layout) : null;
      opened = true;
      return new FaissReader(layout, in, ids, options.scale().orElse(1));
    } catch (EOFException e) {
      throw new VectorFileException(name, "is a FAISS index that is truncated", e);
    } finally {
      if (!opened) {
        in.close();
      }
    }
  }

  private static InputStream ids(Source source, Layout layout) throws IOException {
    InputStream ids = new BufferedInputStream(source.openLast(), 1 << 13);
    boolean opened = false;
    try {
      layout(ids, source.name());
      ids.skipNBytes(layout.rows() * layout.dimension() * Float.BYTES);
      long count = number(ids, Long.BYTES);
      if (count != layout.rows()) {
        throw new VectorFileException(
            source.name(), "has %d ids for %d vectors".formatted(count, layout.rows()));
      }
      opened = true;
      return ids;
    } finally {
      if (!opened) {
        ids.close();
      }
    }
  }

  /** Reads all that is before the vectors. */
  private static Layout layout(InputStream in, String name) throws IOException {
    boolean withIds = false;
    for (int depth = 0; depth < MAX_NESTING; depth++) {
      String kind = new String(in.readNBytes(Integer.BYTES), StandardCharsets.ISO_8859_1);
      if (!FLAT.contains(kind) && !ID_MAPS.contains(kind) && !kind.equals(GRAPH)) {
        break;
      }
      long dimension = number(in, Integer.BYTES);
      long rows = number(in, Long.BYTES);
      in.skipNBytes(2 * Long.BYTES + 1); // two that mean nothing any more; whether it is trained
      if (number(in, Integer.BYTES) > 1) {
        in.skipNBytes(Float.BYTES); // the argument of a metric that has one
      }
      if (dimension < 1 || dimension > VectorFiles.MAX_DIMENSION || rows < 0) {
        throw new VectorFileException(
            name, "claims %d vectors of dimension %d".formatted(rows, dimension));
      }
      if (FLAT.contains(kind)) {
        long numbers = number(in, Long.BYTES);
        if (rows > Long.MAX_VALUE / Float.BYTES / dimension || numbers != rows * dimension) {
          throw new VectorFileException(
              name,
              "claims %d vectors of dimension %d, but %d numbers"
                  .formatted(rows, dimension, numbers));
        }
        if (rows == 0) {
          throw new VectorFileException(name, "is a FAISS index without vectors");
        }
        return new Layout((int) dimension, rows, withIds);
      }
      if (kind.equals(GRAPH)) {
        skipGraph(in, name);
      } else {
        withIds = true;
      }
    }
    throw new VectorFileException(
        name,
        "is a FAISS index of a kind that does not hold whole vectors; convert it in Python: "
            + Foreign.FAISS_ADVICE);
  }

  /** Arrays by the bytes of an element, and five int32 for where and how the graph is searched. */
  private static void skipGraph(InputStream in, String name) throws IOException {
    for (int size : new int[] {Double.BYTES, 4, 4, Long.BYTES, 4}) {
      long count = number(in, Long.BYTES);
      if (count < 0 || count > Long.MAX_VALUE / size) {
        throw new VectorFileException(name, "has a FAISS graph of no possible size");
      }
      in.skipNBytes(count * size);
    }
    in.skipNBytes(5 * Integer.BYTES);
  }

  private static long number(InputStream in, int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return size == Long.BYTES ? buffer.getLong() : buffer.getInt();
  }

  @Override
  public OptionalLong rows() {
    return OptionalLong.of(layout.rows());
  }

  @Override
  public String description() {
    return layout.withIds() ? "ids of the FAISS index" : "";
  }

  @Override
  public @Nullable Row next() throws IOException {
    if (ended || row == layout.rows()) {
      return null;
    }
    if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
      ended = true;
      return new Row.Malformed(
          "is truncated: vectors %d to %d of %d are missing"
              .formatted(row, layout.rows() - 1, layout.rows()),
          Place.UNKNOWN);
    }
    Place place = Place.UNKNOWN;
    if (ids != null) {
      try {
        place = place.withId(Long.toString(number(ids, Long.BYTES)));
      } catch (EOFException e) {
        ended = true;
        return new Row.Malformed(
            "is truncated: the ids from number " + row + " on are missing", place);
      }
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[layout.dimension()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (buffer.getFloat() * scale);
    }
    row++;
    return new Row.Vector(values, place);
  }

  @Override
  public void close() throws IOException {
    try (in) {
      if (ids != null) {
        ids.close();
      }
    }
  }
}
