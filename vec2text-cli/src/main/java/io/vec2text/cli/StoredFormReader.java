package io.vec2text.cli;

import io.vec2text.eval.Storage;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Vectors as they would be if their store kept them in another form. */
final class StoredFormReader implements VectorReader {
  private final VectorReader reader;
  private final Storage form;

  /** A reader that closes the one given. */
  StoredFormReader(VectorReader reader, Storage form) {
    this.reader = reader;
    this.form = form;
  }

  @Override
  public @Nullable Row next() throws IOException {
    Row row = reader.next();
    return row instanceof Row.Vector vector
        ? new Row.Vector(form.keep(vector.values()), vector.place(), vector.metadata())
        : row;
  }

  @Override
  public OptionalLong rows() {
    return reader.rows();
  }

  @Override
  public String description() {
    return reader.description();
  }

  @Override
  public Optional<String> cursor() {
    return reader.cursor();
  }

  @Override
  public long skippedLines() {
    return reader.skippedLines();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
