package io.vec2text.cli;

import io.vec2text.EmbeddingSpace;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads vectors in windows of limited size. */
final class Windows {
  private final VectorReader reader;
  private final int size;
  private @Nullable List<Row> peeked;

  Windows(VectorReader reader, int size) {
    this.reader = reader;
    this.size = size;
  }

  /** The next rows; none at the end. */
  List<Row> next() throws IOException {
    if (peeked != null) {
      List<Row> rows = peeked;
      peeked = null;
      return rows;
    }
    List<Row> rows = new ArrayList<>(size);
    while (rows.size() < size) {
      Row row = reader.next();
      if (row == null) {
        break;
      }
      rows.add(row);
    }
    return rows;
  }

  /** Skips rows before the first window is read, and returns how many were skipped. */
  long skip(long count) throws IOException {
    return count == 0 ? 0 : reader.skip(count);
  }

  /**
   * Tells the vectors of another model from single bad rows: of the first window at least one must
   * have the space's dimension.
   *
   * @param name name of the file
   */
  void checkDimension(String name, EmbeddingSpace space) throws IOException {
    List<Row> rows = next();
    peeked = rows;
    int found = 0;
    for (Row row : rows) {
      if (row instanceof Row.Vector vector) {
        if (vector.values().length == space.dimension()) {
          return;
        }
        found = found == 0 ? vector.values().length : found;
      }
    }
    throw new CliException(
        "%s: holds vectors of dimension %d, but %s has dimension %d"
            .formatted(name, found, space.modelId(), space.dimension()));
  }
}
