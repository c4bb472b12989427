package io.vec2text.sources;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * The lines of Elasticsearch's bulk format that say what is done with the next line, such as {@code
 * {"index":{"_index":"i","_id":"a"}}}: they are no rows, and have the ids of the next ones.
 */
final class BulkAction {
  private static final Set<String> NAMES = Set.of("index", "create", "update", "delete");

  private Optional<String> id = Optional.empty();
  private boolean announced;

  /** Reads a field of a line if it is an action; the parser stands at its value. */
  boolean read(String name, JsonParser p) throws IOException {
    if (!NAMES.contains(name) || p.currentToken() != JsonToken.START_OBJECT) {
      return false;
    }
    for (JsonToken f = p.nextToken(); f != JsonToken.END_OBJECT; f = p.nextToken()) {
      String field = p.currentName();
      JsonToken value = p.nextToken();
      announced |= field.equals("_index") || field.equals("_id");
      if (field.equals("_id") && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
        id = Optional.of(p.getText());
      }
      p.skipChildren();
    }
    return true;
  }

  /** Whether the line that ends now was an action. */
  boolean isAnnounced() {
    boolean was = announced;
    announced = false;
    return was;
  }

  /** The id for the next row. */
  Optional<String> take() {
    Optional<String> taken = id;
    id = Optional.empty();
    return taken;
  }
}
