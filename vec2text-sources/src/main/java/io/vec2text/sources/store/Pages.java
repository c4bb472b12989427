package io.vec2text.sources.store;

import io.vec2text.sources.Row;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A collection that is read page by page. Asking for a page twice gives the same rows. */
interface Pages extends Closeable {

  /**
   * Some rows that follow one another.
   *
   * @param rows the rows, in their order
   * @param next the token of the page behind this one; empty if this is the last
   */
  record Page(List<Row> rows, Optional<String> next) {}

  /**
   * Reads a page.
   *
   * @param token the page's token; empty for the first page
   */
  Page read(Optional<String> token) throws IOException;

  /** The number of rows, if the store tells it quickly. */
  default OptionalLong count() {
    return OptionalLong.empty();
  }

  /** Whether {@link #count()} is exact, and fewer rows at the end mean that some were not given. */
  default boolean countIsExact() {
    return false;
  }

  /** What was chosen where the store left a choice, in a few words. */
  default String description() {
    return "";
  }

  @Override
  default void close() throws IOException {}
}
