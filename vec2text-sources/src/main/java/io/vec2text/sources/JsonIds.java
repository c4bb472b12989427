package io.vec2text.sources;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads ids that stand in an array beside that of the vectors. The document is read a second time
 * for them, at the pace of the vectors, so that none need to be held.
 */
final class JsonIds implements Closeable, JsonWalker.Visitor {
  private final JsonRoots roots;
  private final JsonWalker walker;
  private long[] position = {-1};
  private Optional<String> id = Optional.empty();
  private boolean found;
  private boolean ended;

  JsonIds(JsonRoots roots, JsonPath path) {
    this.roots = roots;
    walker = new JsonWalker(path, this);
  }

  /** The id at a position; asked for in order. */
  Optional<String> at(long[] wanted) throws IOException {
    while (!ended && Arrays.compare(position, wanted) < 0) {
      advance();
    }
    return Arrays.equals(position, wanted) ? id : Optional.empty();
  }

  private void advance() throws IOException {
    found = false;
    while (!found && !ended) {
      try {
        JsonParser p = roots.next(walker.isIdle());
        if (p == null) {
          ended = true;
        } else if (walker.isIdle()) {
          walker.begin(p);
        } else {
          walker.step(p);
        }
      } catch (JsonProcessingException e) {
        walker.abort();
        ended = !roots.recover();
      }
    }
    if (ended) {
      position = new long[] {Long.MAX_VALUE};
    }
  }

  @Override
  public void value(JsonParser p) throws IOException {
    JsonToken token = p.currentToken();
    id =
        token.isScalarValue() && token != JsonToken.VALUE_NULL
            ? Optional.of(p.getText())
            : Optional.empty();
    p.skipChildren();
    position = walker.position();
    found = true;
  }

  @Override
  public boolean beside(int depth, String name, JsonParser p) {
    return false;
  }

  @Override
  public void missing(int depth, String problem) {}

  @Override
  public void ended(int depth) {}

  @Override
  public void close() throws IOException {
    roots.close();
  }
}
