package io.vec2text.sources.store;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.UUID;

/** Values of primary keys as texts that keep their type. */
final class JdbcKey {
  private JdbcKey() {}

  /** A key as text; empty if its type has none. */
  static Optional<String> encode(Object key) {
    if (key instanceof Long || key instanceof Integer || key instanceof Short) {
      return Optional.of("i" + key);
    }
    if (key instanceof BigDecimal || key instanceof java.math.BigInteger) {
      return Optional.of("d" + key);
    }
    if (key instanceof UUID) {
      return Optional.of("u" + key);
    }
    return key instanceof String ? Optional.of("s" + key) : Optional.empty();
  }

  /**
   * The key of a text.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Object decode(String text) {
    String value = text.isEmpty() ? "" : text.substring(1);
    return switch (text.isEmpty() ? ' ' : text.charAt(0)) {
      case 'i' -> Long.valueOf(value);
      case 'd' -> new BigDecimal(value);
      case 'u' -> UUID.fromString(value);
      case 's' -> value;
      default -> throw new IllegalArgumentException("no key of a row");
    };
  }
}
