package io.vec2text.eval;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.Ints;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;

/** What a vector store leaves of a vector. Each has a short name, which {@link #parse} reads. */
public sealed interface Storage permits NumberFormat, Storage.Binary, Storage.Truncated {

  /** What names look like, for messages and help. */
  String FORMS = "float32, float16, bfloat16, int8, binary or truncate:COMPONENTS";

  /**
   * Reads a name: a {@link NumberFormat}, {@code binary} for the signs of the components, or for
   * example {@code truncate:192} for the first ones.
   *
   * @throws IllegalArgumentException if it names none
   */
  static Storage parse(String name) {
    for (NumberFormat format : NumberFormat.values()) {
      if (format.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    if (name.equals("binary")) {
      return new Binary();
    }
    Integer left =
        name.startsWith("truncate:") ? Ints.tryParse(name.substring("truncate:".length())) : null;
    checkArgument(left != null && left > 0, "storage must be %s, was \"%s\"", FORMS, name);
    return new Truncated(left);
  }

  /** The vector as it is read from the store, in single precision, with zeros for what is lost. */
  float[] keep(float[] vector);

  /** How many of the first components are left; empty if all are. */
  default OptionalInt left() {
    return OptionalInt.empty();
  }

  /** Only the sign of each component, as 1 or -1 divided by the root of the dimension. */
  record Binary() implements Storage {
    @Override
    public float[] keep(float[] vector) {
      float size = (float) (1 / Math.sqrt(vector.length));
      float[] signs = new float[vector.length];
      for (int i = 0; i < signs.length; i++) {
        signs[i] = vector[i] < 0 ? -size : size;
      }
      return signs;
    }

    @Override
    public String toString() {
      return "binary";
    }
  }

  /**
   * Only the first components.
   *
   * @param components how many, at least 1 and fewer than the vectors have
   */
  record Truncated(int components) implements Storage {
    @Override
    public float[] keep(float[] vector) {
      checkArgument(
          components < vector.length,
          "%s: vectors have %s components, expected more",
          this,
          vector.length);
      return Arrays.copyOf(Arrays.copyOf(vector, components), vector.length);
    }

    @Override
    public OptionalInt left() {
      return OptionalInt.of(components);
    }

    @Override
    public String toString() {
      return "truncate:" + components;
    }
  }
}
