package io.vec2text.sources;

import com.google.common.io.BaseEncoding;
import com.google.common.primitives.Floats;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Small files in the tests' shorthand. {@code @A}, {@code @B} and {@code @C} stand for the four
 * numbers of three vectors with commas between them, {@code @a} and {@code @b} for the first two in
 * base64, {@code @h} for the first one's bytes in hexadecimal, {@code @s} for two numbers, which
 * are no vector; {@code ~} for a new line and {@code \t} for a tab.
 */
final class Forms {
  private static final float[][] VECTORS = {
    {0.5f, -0.25f, 0.125f, 1}, {-1, 0.5f, 0.75f, 2}, {0.1f, 0.2f, 0.3f, -0.4f}
  };

  private Forms() {}

  private static byte[] bytes(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    for (float v : vector) {
      bytes.putFloat(v);
    }
    return bytes.array();
  }

  /** The text that a form stands for. */
  static String expand(String form) {
    return form.replace("@A", Floats.join(",", VECTORS[0]))
        .replace("@B", Floats.join(",", VECTORS[1]))
        .replace("@C", Floats.join(",", VECTORS[2]))
        .replace("@a", Base64.getEncoder().encodeToString(bytes(VECTORS[0])))
        .replace("@b", Base64.getEncoder().encodeToString(bytes(VECTORS[1])))
        .replace("@h", BaseEncoding.base16().encode(bytes(VECTORS[0])))
        .replace("@s", "7.5,8.5")
        .replace("\\t", "\t")
        .replace('~', '\n');
  }

  /** Options for vectors of the dimension of the three. */
  static ReadOptions.Builder space() {
    return ReadOptions.builder().dimension(4);
  }

  /**
   * The rows of a file, with their ids after a colon: {@code A}, {@code B} or {@code C}, {@code d2}
   * for another vector of dimension 2, {@code x} for what is none.
   */
  static String read(String name, byte[] bytes, ReadOptions options) throws IOException {
    List<String> rows = new ArrayList<>();
    try (VectorReader reader = VectorFiles.open(new ByteArrayInputStream(bytes), name, options)) {
      for (Row row = reader.next(); row != null; row = reader.next()) {
        rows.add(describe(row) + row.place().id().map(id -> ":" + id).orElse(""));
      }
    }
    return String.join(" ", rows);
  }

  private static String describe(Row row) {
    if (!(row instanceof Row.Vector vector)) {
      return "x";
    }
    for (int i = 0; i < VECTORS.length; i++) {
      if (Arrays.equals(vector.values(), VECTORS[i])) {
        return Character.toString("ABC".charAt(i));
      }
    }
    return "d" + vector.values().length;
  }
}
