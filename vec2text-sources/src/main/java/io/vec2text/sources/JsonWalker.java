package io.vec2text.sources;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Walks to the values at one path, token by token, and over all else. */
final class JsonWalker {

  /** Hears of what is met on the way. */
  interface Visitor {
    /** A value at the path; to be read up to its last token. */
    void value(JsonParser p) throws IOException;

    /**
     * Another value beside the way, in an object or array so deep.
     *
     * @return whether it was read, up to its last token
     */
    boolean beside(int depth, String name, JsonParser p) throws IOException;

    /** A value so deep, of which a path leads to many, holds no value at the path. */
    void missing(int depth, String problem);

    /** An object or array so deep has ended. */
    void ended(int depth);
  }

  /** An object or array on the way. */
  private static final class Frame {
    private long index = -1;
    private String key = "";
    private boolean yielded;
    private @Nullable String problem;
  }

  private final JsonPath path;
  private final Visitor visitor;
  private final Frame[] frames;
  private int open;
  private long root = -1;

  JsonWalker(JsonPath path, Visitor visitor) {
    this.path = path;
    this.visitor = visitor;
    frames = new Frame[path.size()];
  }

  /** Whether no value is being walked through. */
  boolean isIdle() {
    return open == 0;
  }

  /** Begins with a value that stands in no other. */
  void begin(JsonParser p) throws IOException {
    root++;
    enter(p, 0);
  }

  /** Gives up a value. */
  void abort() {
    open = 0;
  }

  /** Goes on by a token, or over a value. */
  void step(JsonParser p) throws IOException {
    int depth = open - 1;
    Frame frame = frames[depth];
    JsonToken token = p.nextToken();
    if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
      open--;
      if (!frame.yielded && isRow(depth)) {
        missing(depth, frame.problem == null ? lacking(depth) : frame.problem);
      } else if (depth > 0 && frame.yielded) {
        frames[depth - 1].yielded = true;
      } else if (depth > 0 && frame.problem != null) {
        frames[depth - 1].problem = frame.problem;
      }
      visitor.ended(depth);
      return;
    }
    String name;
    if (token == JsonToken.FIELD_NAME) {
      name = p.currentName();
      p.nextToken();
    } else {
      name = "";
    }
    frame.index++;
    JsonPath.Step step = path.step(depth);
    boolean matches =
        step.repeats()
            || (step instanceof JsonPath.Field field && field.name().equals(name))
            || (step instanceof JsonPath.Element element && element.index() == frame.index);
    if (matches) {
      frame.key = name;
      enter(p, depth + 1);
    } else if (!visitor.beside(depth, step.ofObject() ? name : Long.toString(frame.index), p)) {
      p.skipChildren();
    }
  }

  private void enter(JsonParser p, int depth) throws IOException {
    if (depth == path.size()) {
      if (depth > 0) {
        frames[depth - 1].yielded = true;
      }
      visitor.value(p);
      return;
    }
    JsonToken expected =
        path.step(depth).ofObject() ? JsonToken.START_OBJECT : JsonToken.START_ARRAY;
    if (p.currentToken() == expected) {
      frames[depth] = new Frame();
      open = depth + 1;
      return;
    }
    if (depth == 0 && p.currentToken() == JsonToken.START_ARRAY && path.rowDepth() == 0) {
      // A bare vector among objects that have one.
      visitor.value(p);
      return;
    }
    String problem =
        "%sis %s, expected %s"
            .formatted(
                depth > 0 && path.step(depth - 1) instanceof JsonPath.Field field
                    ? "`" + field.name() + "` "
                    : "",
                JsonVector.describe(p),
                expected == JsonToken.START_OBJECT ? "an object" : "an array");
    p.skipChildren();
    if (isRow(depth)) {
      missing(depth, problem);
    } else {
      frames[depth - 1].problem = problem;
    }
  }

  /** Whether there are many values so deep: each is a row, or holds some. */
  private boolean isRow(int depth) {
    return depth == 0 || path.step(depth - 1).repeats();
  }

  private void missing(int depth, String problem) {
    if (depth > 0) {
      frames[depth - 1].yielded = true;
    }
    visitor.missing(depth, problem);
  }

  private String lacking(int depth) {
    for (int i = depth; i < path.size(); i++) {
      if (path.step(i) instanceof JsonPath.Field field) {
        return "has no field `" + field.name() + "`";
      }
    }
    return "holds no vector";
  }

  /** The name under which the value on the way stands in an object so deep, if it stands in one. */
  Optional<String> key(int depth) {
    return depth < open ? Optional.of(frames[depth].key) : Optional.empty();
  }

  /** Where the walk is: the number of the root, and those of the elements on the way. */
  long[] position() {
    long[] position = new long[open + 1];
    int n = 0;
    position[n++] = root;
    for (int depth = 0; depth < open; depth++) {
      if (path.step(depth) instanceof JsonPath.EachElement) {
        position[n++] = frames[depth].index;
      }
    }
    return Arrays.copyOf(position, n);
  }
}
