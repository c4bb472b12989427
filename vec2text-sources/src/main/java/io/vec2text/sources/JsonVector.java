package io.vec2text.sources;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vec2text.sources.internal.Components;
import io.vec2text.sources.internal.ListText;
import io.vec2text.sources.internal.MalformedException;
import io.vec2text.sources.internal.OneLine;
import io.vec2text.sources.internal.VectorText;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads a vector from any of the values as which JSON documents have them. */
final class JsonVector {
  private final Components components;
  private final OptionalInt dimension;

  /** A field of the same object or array that is the id, if components have fields of their own. */
  private final Optional<String> idField;

  /** The elements that are components, where others stand beside them. */
  private final @Nullable Columns wide;

  private Optional<String> id = Optional.empty();
  private @Nullable String problem;

  JsonVector(
      Components components,
      OptionalInt dimension,
      Optional<String> idField,
      @Nullable Columns wide) {
    this.components = components;
    this.dimension = dimension;
    this.idField = idField;
    this.wide = wide;
  }

  /** The id that stood among the components of the last vector. */
  Optional<String> id() {
    return id;
  }

  /**
   * Reads the value at which a parser stands, up to its last token.
   *
   * @throws MalformedException if it is no vector; the parser stands at its last token then, too
   */
  void read(JsonParser p) throws IOException, MalformedException {
    components.clear();
    problem = null;
    id = Optional.empty();
    switch (p.currentToken()) {
      case START_ARRAY -> {
        if (wide == null) {
          readArray(p);
        } else {
          readWide(p, wide);
        }
      }
      case START_OBJECT -> readObject(p);
      case VALUE_STRING -> readText(p.getText());
      default ->
          throw new MalformedException("is " + describe(p) + ", expected an array of numbers");
    }
    if (problem == null && components.size() == 0) {
      problem = "the vector is empty";
    }
    if (problem != null) {
      throw new MalformedException(problem);
    }
  }

  private void note(String found) {
    problem = problem == null ? found : problem;
  }

  private void add(double value) {
    if (problem == null) {
      try {
        components.add(value);
      } catch (MalformedException e) {
        note(OneLine.reason(e));
      }
    }
  }

  private void readArray(JsonParser p) throws IOException {
    boolean nested = false;
    for (JsonToken t = p.nextToken(); t != JsonToken.END_ARRAY; t = p.nextToken()) {
      if (nested) {
        note("holds several arrays, expected one vector");
        p.skipChildren();
      } else if (t == JsonToken.START_ARRAY && components.size() == 0) {
        // A batch of one.
        readArray(p);
        nested = true;
      } else {
        readComponent(p, t);
      }
    }
  }

  private void readComponent(JsonParser p, JsonToken t) throws IOException {
    if (t.isNumeric()) {
      try {
        add(p.getDoubleValue());
      } catch (NumberFormatException e) {
        note("component " + components.size() + " is not a number"); // a mere point
      }
    } else if (t == JsonToken.VALUE_STRING && ListText.isNumber(p.getText())) {
      add(ListText.number(p.getText()));
    } else if (t == JsonToken.START_OBJECT) {
      // A number with its type: {"N":"0.5"}, {"$numberDouble":"0.5"}.
      int before = components.size();
      for (JsonToken f = p.nextToken(); f != JsonToken.END_OBJECT; f = p.nextToken()) {
        JsonToken value = p.nextToken();
        if (value.isScalarValue() && components.size() == before) {
          readComponent(p, value);
        } else {
          p.skipChildren();
        }
      }
      if (components.size() == before) {
        note("component " + before + " is an object, expected a number");
      }
    } else {
      note("component " + components.size() + " is " + describe(p) + ", expected a number");
      p.skipChildren();
    }
  }

  private void readWide(JsonParser p, Columns columns) throws IOException {
    int i = 0;
    for (JsonToken t = p.nextToken(); t != JsonToken.END_ARRAY; t = p.nextToken()) {
      if (i >= columns.first() && i < columns.first() + columns.count()) {
        readComponent(p, t);
      } else {
        if (i == columns.id() && t.isScalarValue() && t != JsonToken.VALUE_NULL) {
          id = Optional.of(p.getText());
        }
        p.skipChildren();
      }
      i++;
    }
  }

  /** Reads an object with a field a component, such as {@code {"0": 0.1, "1": 0.2}}. */
  private void readObject(JsonParser p) throws IOException {
    NumberedNames names = new NumberedNames();
    StringBuilder others = new StringBuilder();
    for (JsonToken f = p.nextToken(); f != JsonToken.END_OBJECT; f = p.nextToken()) {
      String name = p.currentName();
      JsonToken value = p.nextToken();
      if (value.isScalarValue() && names.follows(name)) {
        readComponent(p, value);
      } else if (name.equals("$binary") || name.equals("base64")) {
        if (value == JsonToken.START_OBJECT) {
          readObject(p);
        } else if (value == JsonToken.VALUE_STRING) {
          readText(p.getText());
        }
      } else {
        if (idField.filter(name::equals).isPresent()
            && value.isScalarValue()
            && value != JsonToken.VALUE_NULL) {
          id = Optional.of(p.getText());
        }
        if (others.length() < 60) {
          others.append(others.length() == 0 ? "`" : ", `").append(name).append('`');
        }
        p.skipChildren();
      }
    }
    if (components.size() == 0) {
      note(
          "is an object "
              + (others.length() == 0 ? "without fields" : "with " + others)
              + ", expected an array of numbers");
    }
  }

  private void readText(String text) {
    try {
      if (!VectorText.isVector(text, dimension) && !ListText.isMissing(text)) {
        throw new MalformedException("is a text, expected an array of numbers");
      }
      VectorText.read(text, dimension, components);
    } catch (MalformedException e) {
      note(OneLine.reason(e));
    }
  }

  /** What a value is, in words. */
  static String describe(JsonParser p) throws IOException {
    return switch (p.currentToken()) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a text";
      case VALUE_NULL -> "null";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      default -> "a number";
    };
  }
}
