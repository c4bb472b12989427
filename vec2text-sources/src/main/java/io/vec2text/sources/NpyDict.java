package io.vec2text.sources;

import io.vec2text.sources.internal.MalformedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The dictionary of an npy header, a Python literal such as {@code {'descr': '<f4',
 * 'fortran_order': False, 'shape': (3, 384), }}.
 *
 * @param descr type of the elements; null for records
 * @param fields the names of a record's fields; none for plain elements
 * @param fortranOrder whether the first index runs fastest
 * @param shape the lengths of the axes; one too long to be true is {@link Long#MAX_VALUE}
 */
record NpyDict(
    @Nullable String descr, List<String> fields, boolean fortranOrder, List<Long> shape) {

  /** Parses a header. */
  static NpyDict parse(String text) throws MalformedException {
    Map<String, Object> entries = new Parser(text).dict();
    Object fortranOrder = entries.get("fortran_order");
    Object shape = entries.get("shape");
    if (!entries.containsKey("descr")
        || !(fortranOrder instanceof Boolean fortran)
        || !(shape instanceof List<?> axes)) {
      throw new MalformedException("expected 'descr', 'fortran_order' and 'shape'");
    }
    List<Long> lengths = new ArrayList<>();
    for (Object axis : axes) {
      if (!(axis instanceof Long length)) {
        throw new MalformedException("expected a shape of whole numbers");
      }
      lengths.add(length);
    }
    String descr = entries.get("descr") instanceof String s ? s : null;
    return new NpyDict(descr, fields(entries.get("descr")), fortran, List.copyOf(lengths));
  }

  private static List<String> fields(@Nullable Object descr) {
    List<String> names = new ArrayList<>();
    if (descr instanceof List<?> list) {
      for (Object field : list) {
        if (field instanceof List<?> pair
            && !pair.isEmpty()
            && pair.get(0) instanceof String name) {
          names.add(name);
        }
      }
    }
    return List.copyOf(names);
  }

  String shapeText() {
    return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
  }

  /** A parser of the Python literals that npy headers are made of. */
  private static final class Parser {
    private static final int MAX_DEPTH = 8;

    private final String text;
    private int at;
    private int depth;

    Parser(String text) {
      this.text = text;
    }

    Map<String, Object> dict() throws MalformedException {
      Map<String, Object> entries = new HashMap<>();
      expect('{');
      while (peek() != '}') {
        String key = string();
        expect(':');
        if (entries.put(key, value()) != null) {
          throw new MalformedException("a key occurs twice");
        }
        if (peek() != '}') {
          expect(',');
        }
      }
      expect('}');
      if (peek() != 0) {
        throw unexpected();
      }
      return entries;
    }

    private Object value() throws MalformedException {
      char c = peek();
      if (c == '\'' || c == '"') {
        return string();
      }
      if (c == '(') {
        return sequence('(', ')');
      }
      if (c == '[') {
        // The fields of records: they are told from a type by not being a string.
        return sequence('[', ']');
      }
      if (c >= '0' && c <= '9') {
        return number();
      }
      for (boolean b : new boolean[] {false, true}) {
        String word = b ? "True" : "False";
        if (text.startsWith(word, at)) {
          at += word.length();
          return b;
        }
      }
      throw unexpected();
    }

    private List<Object> sequence(char open, char close) throws MalformedException {
      if (++depth > MAX_DEPTH) {
        throw new MalformedException("nested too deep");
      }
      List<Object> values = new ArrayList<>();
      expect(open);
      while (peek() != close) {
        values.add(value());
        if (peek() != close) {
          expect(',');
        }
      }
      expect(close);
      depth--;
      return values;
    }

    private String string() throws MalformedException {
      char quote = peek();
      int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
      if (end < 0) {
        throw unexpected();
      }
      String s = text.substring(at + 1, end);
      at = end + 1;
      return s;
    }

    private Long number() {
      int from = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      String digits = text.substring(from, at);
      if (at < text.length() && text.charAt(at) == 'L') {
        at++; // Python 2
      }
      try {
        return Long.valueOf(digits);
      } catch (NumberFormatException e) {
        return Long.MAX_VALUE;
      }
    }

    private void expect(char c) throws MalformedException {
      if (peek() != c) {
        throw unexpected();
      }
      at++;
    }

    /** The next character that is not blank; 0 at the end. */
    private char peek() {
      while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      return at < text.length() ? text.charAt(at) : 0;
    }

    private MalformedException unexpected() {
      return new MalformedException("not what was expected at character " + at);
    }
  }
}
