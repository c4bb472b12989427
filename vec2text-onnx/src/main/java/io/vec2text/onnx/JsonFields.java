package io.vec2text.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.google.common.collect.ImmutableMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of an object of a manifest, and the object's own place in it, which errors name. */
final class JsonFields {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final int MAX = Integer.MAX_VALUE;

  private final String source;
  private final String path;
  private final JsonNode node;

  /** The fields of the object that a file holds. */
  JsonFields(String source, JsonNode root) {
    this(source, "", root);
  }

  private JsonFields(String source, String path, JsonNode node) {
    this.source = source;
    this.path = path;
    this.node = node;
  }

  ModelFormatException wrong(String field, String found, String expected) {
    return new ModelFormatException(
        source + ": " + path + field + " is " + found + ", expected " + expected);
  }

  boolean has(String field) {
    return node.has(field);
  }

  JsonNode get(String field) {
    return get(field, null, "a value");
  }

  private JsonNode get(String field, @Nullable JsonNodeType type, String expected) {
    JsonNode value = node.path(field);
    if (value.isMissingNode()) {
      throw new ModelFormatException(
          source + ": " + path + field + " is missing, expected " + expected);
    }
    if (type != null && value.getNodeType() != type) {
      throw wrong(field, describe(value), expected);
    }
    return value;
  }

  String text(String field) {
    return get(field, JsonNodeType.STRING, "a string").textValue();
  }

  String sha256(String field) {
    String sha256 = text(field);
    if (!SHA256.matcher(sha256).matches()) {
      throw wrong(field, '"' + sha256 + '"', "64 lower-case hexadecimal digits");
    }
    return sha256;
  }

  boolean bool(String field) {
    return get(field, JsonNodeType.BOOLEAN, "true or false").booleanValue();
  }

  int integer(String field, int min, int max) {
    return (int) integer(field, (long) min, (long) max);
  }

  long integer(String field, long min, long max) {
    String expected =
        max >= MAX ? "a whole number from " + min : "a whole number from " + min + " to " + max;
    JsonNode value = get(field, JsonNodeType.NUMBER, expected);
    if (!value.canConvertToLong()
        || !value.isIntegralNumber()
        || value.longValue() < min
        || value.longValue() > max) {
      throw wrong(field, describe(value), expected);
    }
    return value.longValue();
  }

  JsonNode array(String field) {
    return get(field, JsonNodeType.ARRAY, "a list");
  }

  JsonFields object(String field) {
    return new JsonFields(source, path + field + ".", get(field, JsonNodeType.OBJECT, "an object"));
  }

  <T> ImmutableMap<String, T> map(String field, BiFunction<String, JsonFields, T> read) {
    JsonFields object = object(field);
    ImmutableMap.Builder<String, T> map = ImmutableMap.builder();
    for (String key : (Iterable<String>) object.node::fieldNames) {
      map.put(key, read.apply(key, object.object(key)));
    }
    return map.buildOrThrow();
  }

  Map<String, Object> freeForm() {
    return JsonTree.map(node);
  }

  /** A plain name can't lead out of the package's folder. */
  void checkName(String field, String name) {
    if (!PLAIN_NAME.matcher(name).matches() || name.equals(Manifest.FILE)) {
      throw wrong(field, '"' + name + '"', "a plain file name, other than " + Manifest.FILE);
    }
  }

  String file(String field, Map<String, Manifest.File> files) {
    String name = text(field);
    checkName(field, name);
    if (!files.containsKey(name)) {
      throw wrong(field, '"' + name + '"', "one of the files " + files.keySet());
    }
    return name;
  }

  /** A value as errors show it. */
  static String describe(JsonNode node) {
    if (node.isMissingNode()) {
      return "nothing";
    }
    String json = node.toString();
    String type = node.getNodeType().name().toLowerCase(Locale.ROOT);
    return type + " " + (json.length() <= 80 ? json : json.substring(0, 80) + "...");
  }
}
