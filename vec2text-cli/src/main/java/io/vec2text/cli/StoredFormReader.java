package io.vec2text.cli;

import io.vec2text.eval.Storage;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;

/** Vectors as they would be if their store kept them in another form. */
final class StoredFormReader extends MappedReader {
  private final Storage form;

  StoredFormReader(VectorReader reader, Storage form) {
    super(reader);
    this.form = form;
  }

  @Override
  Row map(Row.Vector vector) {
    return new Row.Vector(form.keep(vector.values()), vector.place(), vector.metadata());
  }
}
