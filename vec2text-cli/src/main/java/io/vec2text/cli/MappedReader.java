package io.vec2text.cli;

import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A reader whose vectors are made of another reader's. Closing it closes that one. */
abstract class MappedReader implements VectorReader {
  private final VectorReader reader;

  MappedReader(VectorReader reader) {
    this.reader = reader;
  }

  /** What becomes of a vector. */
  abstract Row map(Row.Vector vector);

  @Override
  public final @Nullable Row next() throws IOException {
    Row row = reader.next();
    return row instanceof Row.Vector vector ? map(vector) : row;
  }

  @Override
  public final OptionalLong rows() {
    return reader.rows();
  }

  @Override
  public final long skip(long count) throws IOException {
    return reader.skip(count);
  }

  @Override
  public final Optional<String> cursor() {
    return reader.cursor();
  }

  @Override
  public final String description() {
    return reader.description();
  }

  @Override
  public final long skippedLines() {
    return reader.skippedLines();
  }

  @Override
  public final void close() throws IOException {
    reader.close();
  }
}
