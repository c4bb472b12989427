package io.vec2text.sources;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads vectors one after the other. For one thread. */
public interface VectorReader extends Closeable {

  /** The number of rows, where it is known without reading them. */
  OptionalLong rows();

  /**
   * Reads the next row.
   *
   * @return the row, or null at the end
   * @throws IOException if the rest cannot be read; its message is one line that names the source
   */
  @Nullable Row next() throws IOException;

  /**
   * What was chosen where the content left a choice, in a few words without the name of the file,
   * for example {@code vectors from field `embedding`, ids from `_id`}; empty if there was none.
   */
  default String description() {
    return "";
  }

  /**
   * Where to go on behind the last row that was read, for {@link VectorSource#open(Optional)};
   * empty at the start, and of readers that can't go on elsewhere.
   */
  default Optional<String> cursor() {
    return Optional.empty();
  }

  /** The blank lines and comments passed over so far; they have no row and no index. */
  default long skippedLines() {
    return 0;
  }

  /**
   * Skips rows.
   *
   * @return how many were skipped: fewer than {@code count} only if the file ends before
   */
  default long skip(long count) throws IOException {
    long skipped = 0;
    while (skipped < count && next() != null) {
      skipped++;
    }
    return skipped;
  }

  /** A reader of vectors that are at hand. */
  static VectorReader of(List<float[]> vectors) {
    Iterator<float[]> iterator = vectors.iterator();
    return new VectorReader() {
      @Override
      public OptionalLong rows() {
        return OptionalLong.of(vectors.size());
      }

      @Override
      public @Nullable Row next() {
        return iterator.hasNext() ? new Row.Vector(iterator.next(), Place.UNKNOWN) : null;
      }

      @Override
      public void close() {}
    };
  }
}
