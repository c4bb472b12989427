package io.vec2text.sources.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.vec2text.sources.Place;
import io.vec2text.sources.Row;
import io.vec2text.sources.internal.Components;
import io.vec2text.sources.internal.ListText;
import io.vec2text.sources.internal.MalformedException;
import io.vec2text.sources.internal.OneLine;
import io.vec2text.sources.internal.VectorText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Makes rows of what stores answer. */
final class JsonRows {
  private final Components components;
  private final OptionalInt dimension;
  private final List<String> metadata;

  JsonRows(StoreOptions options) {
    components = new Components(options.reading().scale());
    dimension = options.reading().dimension();
    metadata = options.metadata();
  }

  /** The fields that are to come along. */
  List<String> metadata() {
    return metadata;
  }

  /**
   * A row.
   *
   * @param id what the store calls the record
   * @param vector the value that should be its vector
   * @param fields an object with fields of the record
   */
  Row row(String id, JsonNode vector, JsonNode fields) {
    Place place = Place.UNKNOWN.withId(id);
    components.clear();
    try {
      read(vector);
      return components.toRow(place).with(metadata(fields));
    } catch (MalformedException e) {
      return malformed(id, OneLine.reason(e));
    }
  }

  /** A row without a vector. */
  Row malformed(String id, String problem) {
    return new Row.Malformed("record " + id + ": " + problem, Place.UNKNOWN.withId(id));
  }

  private void read(JsonNode vector) throws MalformedException {
    if (vector.isTextual() && VectorText.isVector(vector.textValue(), dimension)) {
      VectorText.read(vector.textValue(), dimension, components);
    } else if (vector.isArray()) {
      readArray(vector);
    } else {
      throw new MalformedException(
          vector.isNull() || vector.isMissingNode() || (vector.isObject() && vector.isEmpty())
              ? "has no vector"
              : "has " + describe(vector) + ", expected a vector as an array of numbers");
    }
  }

  private void readArray(JsonNode vector) throws MalformedException {
    if (vector.isEmpty()) {
      throw new MalformedException("the vector is empty");
    }
    for (JsonNode component : vector) {
      if (component.isNumber()) {
        components.add(component.doubleValue());
      } else if (component.isTextual() && ListText.isNumber(component.textValue())) {
        components.add(ListText.number(component.textValue()));
      } else if (component.isArray()) {
        throw new MalformedException("holds several vectors, expected one");
      } else {
        throw new MalformedException(
            "component " + components.size() + " is " + describe(component));
      }
    }
  }

  private static String describe(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT, POJO -> "an object";
      case ARRAY -> "an array";
      case STRING, BINARY -> "a text";
      case BOOLEAN -> "a boolean";
      case NUMBER -> "a number";
      default -> "null";
    };
  }

  private Map<String, String> metadata(JsonNode fields) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String name : metadata) {
      JsonNode value = at(fields, name);
      if (!value.isNull() && !value.isMissingNode()) {
        found.put(name, value.isValueNode() ? value.asText() : value.toString());
      }
    }
    return found;
  }

  /** A field by its name; dots go into objects where no field has the whole name. */
  static JsonNode at(JsonNode fields, String name) {
    if (fields.has(name)) {
      return fields.get(name);
    }
    int dot = name.indexOf('.');
    return dot < 0
        ? fields.path(name)
        : at(fields.path(name.substring(0, dot)), name.substring(dot + 1));
  }
}
