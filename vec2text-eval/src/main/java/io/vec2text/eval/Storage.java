package io.vec2text.eval;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.Ints;
import io.vec2text.StoredPrecision;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;

/** What a vector store leaves of a vector. Each has a short name, which {@link #parse} reads. */
public sealed interface Storage permits Storage.NumberFormat, Storage.Binary, Storage.Truncated {

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

  /** What is left of a vector in a number format. */
  enum NumberFormat implements Storage {
    /** Single precision: all of it. */
    FLOAT32 {
      @Override
      float keep(float x, float step) {
        return x;
      }
    },
    /** IEEE half precision: 11 significant bits. */
    FLOAT16 {
      @Override
      float keep(float x, float step) {
        float least = Math.max(0x1p-24f, Math.scalb(Math.ulp(x), 13));
        return (float) Math.rint(x / least) * least;
      }
    },
    /** The upper half of single precision: 8 significant bits. */
    BFLOAT16 {
      @Override
      float keep(float x, float step) {
        float least = Math.scalb(Math.ulp(x), 16);
        return (float) Math.rint(x / least) * least;
      }
    },
    /** Scalar quantisation: 255 levels between plus and minus the vector's largest component. */
    INT8 {
      @Override
      float keep(float x, float step) {
        return (float) Math.rint(x / step) * step;
      }
    };

    /** A component as it is read from the store; {@code step} is a 127th of the largest one. */
    abstract float keep(float x, float step);

    @Override
    public float[] keep(float[] vector) {
      float largest = 0;
      for (float x : vector) {
        largest = Math.max(largest, Math.abs(x));
      }
      float[] kept = new float[vector.length];
      for (int i = 0; i < vector.length; i++) {
        kept[i] = keep(vector[i], largest / 127);
      }
      return kept;
    }

    /** The format that {@link StoredPrecision#of} detects. */
    public StoredPrecision.Format format() {
      return StoredPrecision.Format.valueOf(name());
    }

    /** The name in lower case. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
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
