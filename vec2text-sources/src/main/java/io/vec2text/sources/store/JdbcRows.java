package io.vec2text.sources.store;

import io.vec2text.sources.Place;
import io.vec2text.sources.Row;
import io.vec2text.sources.internal.Components;
import io.vec2text.sources.internal.ListText;
import io.vec2text.sources.internal.MalformedException;
import io.vec2text.sources.internal.OneLine;
import io.vec2text.sources.internal.VectorText;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of a result. Vectors are SQL arrays, bytes of little-endian numbers, or texts as
 * pgvector, JSON and arrays have them.
 */
final class JdbcRows {
  private final JdbcColumns columns;
  private final Components components;
  private final OptionalInt dimension;

  JdbcRows(JdbcColumns columns, StoreOptions options) {
    this.columns = columns;
    components = new Components(options.reading().scale());
    dimension = options.reading().dimension();
  }

  /**
   * The row at which a result stands.
   *
   * @param number the row's number from 1, its name in messages where it has no id
   */
  Row row(ResultSet result, long number) throws SQLException {
    Optional<String> id =
        columns.id().isEmpty()
            ? Optional.empty()
            : Optional.ofNullable(result.getString(columns.id().get()));
    Place place = id.map(Place.UNKNOWN::withId).orElse(Place.UNKNOWN);
    components.clear();
    try {
      read(result);
      return components.toRow(place).with(metadata(result));
    } catch (MalformedException e) {
      String which = id.map(text -> "record " + text).orElse("row " + number);
      return new Row.Malformed(which + ": " + OneLine.reason(e), place);
    }
  }

  private void read(ResultSet result) throws SQLException, MalformedException {
    Object value = result.getObject(columns.vector());
    if (value == null) {
      throw new MalformedException("has no vector (NULL)");
    }
    if (value instanceof Array array) {
      try {
        readElements(array.getArray());
      } finally {
        array.free();
      }
    } else if (value instanceof Blob blob) {
      BinaryVector.read(
          blob.getBytes(1, (int) Math.min(blob.length(), Integer.MAX_VALUE)),
          dimension,
          components);
    } else if (value instanceof byte[] bytes) {
      BinaryVector.read(bytes, dimension, components);
    } else if (value instanceof Object[] || value instanceof float[] || value instanceof double[]) {
      readElements(value);
    } else {
      readText(result.getString(columns.vector()));
    }
    if (components.size() == 0) {
      throw new MalformedException("the vector is empty");
    }
  }

  private void readText(@Nullable String text) throws MalformedException {
    if (text == null || (!VectorText.isVector(text, dimension) && !ListText.isMissing(text))) {
      throw new MalformedException("is a text, expected a vector");
    }
    VectorText.read(text, dimension, components);
  }

  private void readElements(@Nullable Object elements) throws MalformedException {
    if (elements instanceof float[] floats) {
      for (float value : floats) {
        components.add(value);
      }
    } else if (elements instanceof double[] doubles) {
      for (double value : doubles) {
        components.add(value);
      }
    } else if (elements instanceof Object[] objects) {
      for (Object value : objects) {
        if (!(value instanceof Number number)) {
          throw new MalformedException(
              "component " + components.size() + (value == null ? " is NULL" : " is not a number"));
        }
        components.add(number.doubleValue());
      }
    } else {
      throw new MalformedException("is an array of no numbers");
    }
  }

  private Map<String, String> metadata(ResultSet result) throws SQLException {
    Map<String, String> found = new LinkedHashMap<>();
    for (Map.Entry<String, String> field : columns.metadata().entrySet()) {
      String value = result.getString(field.getValue());
      if (value != null) {
        found.put(field.getKey(), value);
      }
    }
    return found;
  }
}
