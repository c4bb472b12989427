package io.vec2text.sources.internal;

import io.vec2text.sources.Place;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorFiles;
import java.util.Arrays;
import java.util.OptionalDouble;

/** Collects the components of a vector whose dimension is not known yet. */
public final class Components {
  private final double scale;
  private float[] values = new float[64];
  private int size;

  public Components(OptionalDouble scale) {
    this.scale = scale.orElse(1);
  }

  public void clear() {
    size = 0;
  }

  public int size() {
    return size;
  }

  public void add(double value) throws MalformedException {
    if (size == VectorFiles.MAX_DIMENSION) {
      throw new MalformedException("more than " + VectorFiles.MAX_DIMENSION + " numbers");
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = (float) (value * scale);
  }

  public Row.Vector toRow(Place place) {
    return new Row.Vector(Arrays.copyOf(values, size), place);
  }
}
