package io.vec2text.bridge;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.Vectors;
import java.util.Arrays;

/**
 * A map from one space into another: {@code g(x) = W f(x) + b}, where the features f(x) are {@code
 * z = (x - mean) / scale} and, for each landmark l, {@code exp(-width |z - l|² / 2)}. Without
 * landmarks it is affine. Safe for use by many threads.
 */
public final class SpaceMap {

  /** Larger numbers no bridge has, and with them no image of a vector overflows. */
  private static final float LARGEST = 1e6f;

  private final float[] mean;
  private final float scale;
  private final float width;
  private final float[][] landmarks;
  private final double[] squares;
  private final float[][] rows;
  private final float[] offset;

  /**
   * A map; the arrays are not copied.
   *
   * @param mean of the space that is mapped, float [dimension]
   * @param scale root mean square of the distances of its vectors from the mean, at least 1e-6
   * @param width of the kernel, above 0; of no meaning without landmarks
   * @param landmarks vectors z of some texts, float [landmarks][dimension]
   * @param rows W: for each component of the image, float [landmarks + dimension]
   * @param offset b, float [dimension of the image]
   * @throws IllegalArgumentException if sizes do not fit, or a number is not finite or above a
   *     million
   */
  public SpaceMap(
      float[] mean, float scale, float width, float[][] landmarks, float[][] rows, float[] offset) {
    checkArgument(mean.length > 0 && offset.length > 0, "the map has no components");
    checkArgument(
        scale >= 1 / LARGEST && scale <= LARGEST, "the scale is %s, expected 1e-6 to 1e6", scale);
    checkArgument(width > 0 && width <= LARGEST, "the width is %s, expected 0 to 1e6", width);
    checkArgument(
        rows.length == offset.length,
        "the map has %s rows, expected %s",
        rows.length,
        offset.length);
    checkNumbers("mean", mean, mean.length);
    checkNumbers("offset", offset, offset.length);
    for (float[] landmark : landmarks) {
      checkNumbers("landmark", landmark, mean.length);
    }
    for (float[] row : rows) {
      checkNumbers("row", row, landmarks.length + mean.length);
    }
    this.mean = mean;
    this.scale = scale;
    this.width = width;
    this.landmarks = landmarks;
    this.squares = squares(landmarks);
    this.rows = rows;
    this.offset = offset;
  }

  private static void checkNumbers(String what, float[] numbers, int length) {
    checkArgument(
        numbers.length == length,
        "the map has a %s of %s numbers, expected %s",
        what,
        numbers.length,
        length);
    for (float x : numbers) {
      checkArgument(
          Math.abs(x) <= LARGEST, "the map has a %s with %s, expected at most 1e6", what, x);
    }
  }

  /** Mean of the space that is mapped, float [dimension]; not a copy, as what follows. */
  public float[] mean() {
    return mean;
  }

  /** Root mean square of the distances of its vectors from the mean. */
  public float scale() {
    return scale;
  }

  /** Width of the kernel. */
  public float width() {
    return width;
  }

  /** Vectors z of some texts, float [landmarks][dimension]. */
  public float[][] landmarks() {
    return landmarks;
  }

  /** W: for each component of the image, float [landmarks + dimension]. */
  public float[][] rows() {
    return rows;
  }

  /** b, float [dimension of the image]. */
  public float[] offset() {
    return offset;
  }

  /** Components of a vector that is mapped. */
  public int fromDimension() {
    return mean.length;
  }

  /** Components of an image. */
  public int toDimension() {
    return offset.length;
  }

  /**
   * The image of a vector.
   *
   * @param x float [dimension]
   * @return g(x), float [dimension of the image]
   */
  public float[] apply(float[] x) {
    float[] features = features(x, mean, scale, width, landmarks, squares);
    float[] image = new float[offset.length];
    for (int i = 0; i < image.length; i++) {
      image[i] = (float) (offset[i] + Vectors.dot(rows[i], features));
    }
    return image;
  }

  /** The squared lengths of landmarks. */
  static double[] squares(float[][] landmarks) {
    return Arrays.stream(landmarks).mapToDouble(l -> Vectors.dot(l, l)).toArray();
  }

  /** f(x): one feature for each landmark, then z. */
  static float[] features(
      float[] x, float[] mean, float scale, float width, float[][] landmarks, double[] squares) {
    float[] features = new float[landmarks.length + mean.length];
    float[] z = new float[mean.length];
    for (int k = 0; k < z.length; k++) {
      z[k] = (x[k] - mean[k]) / scale;
      features[landmarks.length + k] = z[k];
    }
    double square = Vectors.dot(z, z);
    for (int i = 0; i < landmarks.length; i++) {
      double distance = square + squares[i] - 2 * Vectors.dot(z, landmarks[i]);
      features[i] = (float) Math.exp(-width / 2 * distance);
    }
    return features;
  }

  /** The dimensions. */
  @Override
  public String toString() {
    return "SpaceMap[%d -> %d, %d landmarks]"
        .formatted(fromDimension(), toDimension(), landmarks.length);
  }
}
