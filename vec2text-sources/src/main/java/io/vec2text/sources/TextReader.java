package io.vec2text.sources;

import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Tells a file that is no file of vectors from one that has bad rows: the first row must hold a
 * vector.
 */
final class TextReader implements VectorReader {
  private final VectorReader rows;
  private @Nullable Row first;

  private TextReader(VectorReader rows, Row first) {
    this.rows = rows;
    this.first = first;
  }

  static VectorReader checked(String name, VectorReader rows) throws IOException {
    boolean checked = false;
    try {
      Row first = rows.next();
      if (first == null) {
        throw new VectorFileException(name, "holds no vectors");
      }
      if (first instanceof Row.Malformed malformed) {
        throw new VectorFileException(name, malformed.problem());
      }
      checked = true;
      return new TextReader(rows, first);
    } finally {
      if (!checked) {
        rows.close();
      }
    }
  }

  @Override
  public OptionalLong rows() {
    return rows.rows();
  }

  @Override
  public @Nullable Row next() throws IOException {
    Row row = first;
    if (row != null) {
      first = null;
      return row;
    }
    return rows.next();
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
