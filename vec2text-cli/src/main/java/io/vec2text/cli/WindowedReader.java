package io.vec2text.cli;

import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Rows one by one of windows whose first ones may have been looked at. */
final class WindowedReader implements VectorReader {
  private final Windows windows;
  private final OptionalLong rows;
  private final Deque<Row> window = new ArrayDeque<>();

  WindowedReader(Windows windows, OptionalLong rows) {
    this.windows = windows;
    this.rows = rows;
  }

  @Override
  public OptionalLong rows() {
    return rows;
  }

  @Override
  public @Nullable Row next() throws IOException {
    if (window.isEmpty()) {
      window.addAll(windows.next());
    }
    return window.poll();
  }

  /** Nothing: the reader of the windows is its opener's to close. */
  @Override
  public void close() {}
}
