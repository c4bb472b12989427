package io.vec2text.sources;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads JSON lines: arrays of numbers, or objects that have one as their vector or embedding. */
final class JsonlReader implements VectorReader {
  private static final int MAX_LINE = 1 << 24;
  private static final Set<String> FIELDS = Set.of("vector", "embedding");

  // Python writes NaN and Infinity; read, they are an error of their row that says what it is.
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final LineReader lines;
  private final Components components;

  private JsonlReader(LineReader lines, OptionalDouble scale) {
    this.lines = lines;
    components = new Components(scale);
  }

  static JsonlReader open(Path file, OptionalDouble scale) throws IOException {
    return new JsonlReader(LineReader.open(file, MAX_LINE), scale);
  }

  @Override
  public OptionalLong rows() {
    return OptionalLong.empty();
  }

  @Override
  public @Nullable Row next() throws IOException {
    byte[] line = lines.next();
    while (line != null && isBlank(line)) {
      line = lines.next();
    }
    if (line == null) {
      return null;
    }
    try {
      return parse(line);
    } catch (MalformedException e) {
      return malformed(e.getMessage());
    } catch (JsonProcessingException e) {
      return malformed("not JSON at column " + e.getLocation().getColumnNr());
    }
  }

  private Row parse(byte[] line) throws IOException, MalformedException {
    components.clear();
    boolean found = false;
    try (JsonParser parser = JSON.createParser(line)) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_ARRAY) {
        readArray(parser);
        found = true;
      } else if (token == JsonToken.START_OBJECT) {
        found = readObject(parser);
      }
      if (!found) {
        throw new MalformedException(
            "expected an array of numbers or an object with one as its vector or embedding");
      }
      if (parser.nextToken() != null) {
        throw new MalformedException(
            "expected one vector, found more after column "
                + parser.currentTokenLocation().getColumnNr());
      }
    }
    return components.toRow(Place.line(lines.line()));
  }

  private boolean readObject(JsonParser parser) throws IOException, MalformedException {
    boolean found = false;
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      if (!found && FIELDS.contains(field) && token == JsonToken.START_ARRAY) {
        readArray(parser);
        found = true;
      } else {
        parser.skipChildren();
      }
    }
    return found;
  }

  private void readArray(JsonParser parser) throws IOException, MalformedException {
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      if (t == null) {
        throw new MalformedException("ends within the vector");
      }
      if (!t.isNumeric()) {
        throw new MalformedException(
            "component " + components.size() + " is not a number, expected only numbers");
      }
      components.add(parser.getDoubleValue());
    }
    if (components.size() == 0) {
      throw new MalformedException("the vector is empty");
    }
  }

  private Row malformed(@Nullable String problem) {
    return new Row.Malformed("line " + lines.line() + ": " + problem, Place.line(lines.line()));
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
