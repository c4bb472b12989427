package io.vec2text.bridge;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.Vectors;

/**
 * An affine map {@code x -> W x + b} from one space into another. Safe for use by many threads.
 *
 * @param rows W: for each component of the image, float [dimension of x]; not to be changed
 * @param offset b, float [dimension of the image]; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LinearMap(float[][] rows, float[] offset) {

  /** Checks the sizes, and that all numbers are finite. */
  public LinearMap {
    checkArgument(rows.length > 0 && rows[0].length > 0, "the map has no components");
    checkArgument(
        offset.length == rows.length,
        "the offset has %s components, expected %s",
        offset.length,
        rows.length);
    for (float[] row : rows) {
      checkArgument(
          row.length == rows[0].length,
          "a row has %s components, expected %s",
          row.length,
          rows[0].length);
      checkFinite(row);
    }
    checkFinite(offset);
  }

  private static void checkFinite(float[] numbers) {
    for (float x : numbers) {
      checkArgument(Float.isFinite(x), "the map holds %s, expected finite numbers", x);
    }
  }

  /** Components of a vector that is mapped. */
  public int fromDimension() {
    return rows[0].length;
  }

  /** Components of an image. */
  public int toDimension() {
    return rows.length;
  }

  /** {@code W x + b}. */
  public float[] apply(float[] x) {
    return Vectors.add(applyToDifference(x), offset);
  }

  /** {@code W d}: what a difference of two vectors becomes. */
  public float[] applyToDifference(float[] d) {
    float[] image = new float[rows.length];
    for (int i = 0; i < image.length; i++) {
      image[i] = (float) Vectors.dot(rows[i], d);
    }
    return image;
  }

  /** The dimensions. */
  @Override
  public String toString() {
    return "LinearMap[" + fromDimension() + " -> " + toDimension() + "]";
  }
}
