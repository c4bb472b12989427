package io.vec2text.sources.internal;

import io.vec2text.sources.VectorFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Whole vectors as texts: lists of numbers, and the bytes of little-endian numbers in base64 or
 * hexadecimal digits. Bytes are float32, or float16 or float64 where their number says so.
 */
public final class VectorText {
  private VectorText() {}

  /** Whether a text looks like a vector: a list, or bytes as many as the dimension asks for. */
  public static boolean isVector(String text, OptionalInt dimension) {
    return ListText.isList(text) || isNumbers(text) || bytes(text, dimension) != null;
  }

  /** The components in a text; 0 if it is no vector. */
  public static int size(String text, OptionalInt dimension) {
    if (!isVector(text, dimension)) {
      return 0;
    }
    Components components = new Components(OptionalDouble.empty());
    try {
      read(text, dimension, components);
      return components.size();
    } catch (MalformedException e) {
      return 0;
    }
  }

  /** Reads a vector. */
  public static void read(String text, OptionalInt dimension, Components components)
      throws MalformedException {
    byte[] bytes = bytes(text, dimension);
    if (bytes == null) {
      ListText.read(text, components);
      return;
    }
    int size = elementSize(bytes.length, dimension);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    // MongoDB's vectors have their type in two bytes before the numbers.
    for (int i = bytes.length % 4 == 2 && size == 4 ? 2 : 0; i + size <= bytes.length; i += size) {
      components.add(
          switch (size) {
            case 2 -> HalfFloat.toDouble(buffer.getShort(i));
            case 4 -> buffer.getFloat(i);
            default -> buffer.getDouble(i);
          });
    }
  }

  /** Whether a text is numbers with commas or blanks between them. */
  private static boolean isNumbers(String text) {
    String stripped = text.strip();
    int end = 0;
    while (end < stripped.length()
        && stripped.charAt(end) > ' '
        && ",;".indexOf(stripped.charAt(end)) < 0) {
      end++;
    }
    return end < stripped.length() && ListText.isNumber(stripped.substring(0, end));
  }

  /** The bytes of a number in a vector of so many bytes. */
  private static int elementSize(int bytes, OptionalInt dimension) {
    if (dimension.isPresent() && bytes == 8L * dimension.getAsInt()) {
      return 8;
    }
    return dimension.isPresent() && bytes == 2L * dimension.getAsInt() ? 2 : 4;
  }

  private static byte @Nullable [] bytes(String text, OptionalInt dimension) {
    boolean marked = text.startsWith("\\x") || text.startsWith("0x");
    String digits = marked ? text.substring(2) : text;
    int length = digits.length();
    if (length < 8 || length > 16L * VectorFiles.MAX_DIMENSION) {
      return null;
    }
    boolean hex =
        marked || (dimension.isPresent() && length == 8L * dimension.getAsInt() && isHex(digits));
    if (!hex && !isBase64(digits)) {
      return null;
    }
    try {
      byte[] bytes =
          hex
              ? HexFormat.of().parseHex(digits)
              : Base64.getDecoder().decode(digits.replace('-', '+').replace('_', '/'));
      return isVector(bytes.length, dimension) ? bytes : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Whether so many bytes are a vector: of the dimension, or too long for a word. */
  private static boolean isVector(int bytes, OptionalInt dimension) {
    if (dimension.isEmpty()) {
      return bytes % 4 == 0 && bytes >= 64;
    }
    long d = dimension.getAsInt();
    return bytes == 4 * d
        || bytes == 8 * d
        || bytes == 2 * d
        || bytes == 4 * d + 2
        || (bytes % 4 == 0 && bytes >= 256);
  }

  private static boolean isHex(String text) {
    return text.chars().allMatch(c -> Character.digit(c, 16) >= 0);
  }

  private static boolean isBase64(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < 'A' || c > 'Z')
          && (c < 'a' || c > 'z')
          && (c < '0' || c > '9')
          && "+/-_=".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}
