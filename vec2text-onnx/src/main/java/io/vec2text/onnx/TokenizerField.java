package io.vec2text.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.google.common.base.Utf8;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A field of a tokenizer's JSON, and its place in it.
 *
 * @param source the file, for messages
 * @param path the field's place, for messages
 * @param node its value; a missing node where there is none
 */
record TokenizerField(String source, String path, JsonNode node) {
  private static final int SHOWN = 80;
  private static final int MAX_ITEMS = 1 << 24;

  ModelFormatException wrong(String expected) {
    String found = node.isMissingNode() ? "missing" : node.toString();
    return new ModelFormatException(
        String.format(
            "%s: %s is %s, expected %s",
            source,
            path.isEmpty() ? "it" : path,
            found.length() <= SHOWN ? found : found.substring(0, SHOWN) + "...",
            expected));
  }

  /** A field of this object, which may be missing. */
  TokenizerField get(String name) {
    JsonNode value = node.path(name);
    return new TokenizerField(
        source,
        path.isEmpty() ? name : path + "." + name,
        value.isMissingNode() ? MissingNode.getInstance() : value);
  }

  boolean isNull() {
    return node.isMissingNode() || node.isNull();
  }

  void object() {
    if (!node.isObject()) {
      throw wrong("an object");
    }
  }

  /** Checks that this is an object with no other fields, but for empty ones. */
  void only(String... names) {
    object();
    List<String> known = Arrays.asList(names);
    node.properties()
        .forEach(
            field -> {
              if (!known.contains(field.getKey()) && !field.getValue().isNull()) {
                throw get(field.getKey()).wrong("none of that name, but some of " + known);
              }
            });
  }

  String text() {
    if (!node.isTextual()) {
      throw wrong("a string");
    }
    checkCharacters(node.textValue());
    return node.textValue();
  }

  void checkCharacters(String text) {
    try {
      int unused = Utf8.encodedLength(text);
    } catch (IllegalArgumentException e) {
      throw wrong("text without half characters");
    }
  }

  String optionalText() {
    return isNull() ? "" : text();
  }

  void character() {
    if (text().codePointCount(0, text().length()) != 1) {
      throw wrong("one character");
    }
  }

  String oneOf(String... values) {
    String text = text();
    if (!Arrays.asList(values).contains(text)) {
      throw wrong((values.length == 1 ? "" : "one of ") + String.join(", ", values));
    }
    return text;
  }

  void bool() {
    if (!node.isBoolean()) {
      throw wrong("true or false");
    }
  }

  void optionalBool() {
    if (!isNull()) {
      bool();
    }
  }

  int integer(int min, int max) {
    if (!node.isInt() || node.intValue() < min || node.intValue() > max) {
      throw wrong(String.format(Locale.ROOT, "a whole number from %d to %d", min, max));
    }
    return node.intValue();
  }

  void number() {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong("a finite number");
    }
  }

  List<TokenizerField> items() {
    return items(0, MAX_ITEMS);
  }

  List<TokenizerField> optionalItems() {
    return isNull() ? List.of() : items();
  }

  List<TokenizerField> items(int min, int max) {
    if (!node.isArray() || node.size() < min || node.size() > max) {
      throw wrong(min == max ? "a list of " + min : "a list");
    }
    List<TokenizerField> items = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      items.add(new TokenizerField(source, path + "[" + i + "]", node.get(i)));
    }
    return items;
  }
}
