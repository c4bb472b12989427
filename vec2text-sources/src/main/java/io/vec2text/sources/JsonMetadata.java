package io.vec2text.sources;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of a row that were asked for. They may stand before its vector or behind it, so that a
 * row is held until its object has ended.
 */
final class JsonMetadata {
  private final List<String> names;
  private final int depth;
  private final boolean inObjects;
  private final Map<String, String> fields = new HashMap<>();
  private boolean open;

  /**
   * Nothing read yet.
   *
   * @param names of the fields; dots go into nested objects
   * @param path to the vectors
   */
  JsonMetadata(List<String> names, JsonPath path) {
    this.names = names;
    depth = path.rowDepth();
    inObjects = path.size() > depth;
  }

  /** The depth of the objects of which each is a row. */
  int depth() {
    return depth;
  }

  /** Whether fields of a row whose vector was read may follow. */
  boolean isOpen() {
    return open;
  }

  /** A vector was read. */
  void begin() {
    open = inObjects && !names.isEmpty();
  }

  /** Reads a field beside a vector; false if it is not one of them. */
  boolean read(int at, String name, JsonParser p) throws IOException {
    if (at != depth || !isWanted(name)) {
      return false;
    }
    readValue(name, p);
    return true;
  }

  private boolean isWanted(String name) {
    return names.stream().anyMatch(n -> n.equals(name) || n.startsWith(name + "."));
  }

  private void readValue(String name, JsonParser p) throws IOException {
    JsonToken token = p.currentToken();
    if (token.isScalarValue()) {
      if (names.contains(name) && token != JsonToken.VALUE_NULL) {
        fields.put(name, p.getText());
      }
    } else if (token == JsonToken.START_OBJECT && isWanted(name)) {
      for (JsonToken f = p.nextToken(); f != JsonToken.END_OBJECT; f = p.nextToken()) {
        String inner = name + "." + p.currentName();
        p.nextToken();
        readValue(inner, p);
      }
    } else {
      p.skipChildren();
    }
  }

  /** A row has ended: gives it the fields. */
  void end(Deque<Row> rows) {
    open = false;
    if (fields.isEmpty()) {
      return;
    }
    for (int i = rows.size(); i > 0; i--) {
      Row row = rows.remove();
      rows.add(row instanceof Row.Vector vector ? vector.with(fields) : row);
    }
    fields.clear();
  }
}
