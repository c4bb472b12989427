package io.vec2text.sources;

import java.util.Arrays;
import java.util.OptionalDouble;

/** Collects the components of a vector whose dimension is not known yet. */
final class Components {
  private final double scale;
  private float[] values = new float[64];
  private int size;

  Components(OptionalDouble scale) {
    this.scale = scale.orElse(1);
  }

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  void add(double value) throws MalformedException {
    if (size == VectorFiles.MAX_DIMENSION) {
      throw new MalformedException("more than " + VectorFiles.MAX_DIMENSION + " numbers");
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = (float) (value * scale);
  }

  Row.Vector toRow(Place place) {
    return new Row.Vector(Arrays.copyOf(values, size), place);
  }
}
