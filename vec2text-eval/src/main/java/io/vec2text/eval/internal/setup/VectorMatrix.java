package io.vec2text.eval.internal.setup;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;

import io.vec2text.internal.Dot;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Vectors of one dimension, side by side in single precision. */
public final class VectorMatrix {
  private final float[] values;
  private final int dimension;

  /** A matrix of {@code values.length / dimension} rows, which keeps the array. */
  VectorMatrix(float[] values, int dimension) {
    this.values = values;
    this.dimension = dimension;
  }

  /**
   * A copy of some vectors.
   *
   * @param vectors at least one, all of one dimension
   */
  public static VectorMatrix of(List<float[]> vectors) {
    int dimension = vectors.get(0).length;
    float[] values = new float[checkSize(vectors.size(), dimension)];
    for (int i = 0; i < vectors.size(); i++) {
      float[] vector = vectors.get(i);
      checkArgument(
          vector.length == dimension,
          "vectors have dimensions %s and %s",
          dimension,
          vector.length);
      System.arraycopy(vector, 0, values, i * dimension, dimension);
    }
    return new VectorMatrix(values, dimension);
  }

  /** The components of so many vectors, if there is an array that long. */
  static int checkSize(int rows, int dimension) {
    checkArgument(rows > 0, "the corpus holds no text");
    checkArgument(
        (long) rows * dimension < Integer.MAX_VALUE - 8L,
        "the corpus must hold fewer than %s texts, holds %s",
        (Integer.MAX_VALUE - 8L) / dimension,
        rows);
    return rows * dimension;
  }

  /** How many vectors there are. */
  public int rows() {
    return values.length / dimension;
  }

  /** The components of each. */
  public int dimension() {
    return dimension;
  }

  /** A copy of one vector. */
  public float[] row(int i) {
    checkElementIndex(i, rows());
    return Arrays.copyOfRange(values, i * dimension, (i + 1) * dimension);
  }

  /** Copies of all vectors. */
  public List<float[]> toList() {
    return IntStream.range(0, rows()).mapToObj(this::row).toList();
  }

  /**
   * What a function makes of each vector.
   *
   * @param function gives vectors of one dimension, which may be another one
   */
  public VectorMatrix map(UnaryOperator<float[]> function) {
    float[] first = function.apply(row(0));
    VectorMatrix mapped =
        new VectorMatrix(new float[checkSize(rows(), first.length)], first.length);
    for (int i = 0; i < rows(); i++) {
      float[] vector = i == 0 ? first : function.apply(row(i));
      System.arraycopy(vector, 0, mapped.values, i * first.length, first.length);
    }
    return mapped;
  }

  /** The inner product of a row with a vector, in single precision. */
  public float dot(int row, float[] v) {
    return Dot.ofRow(values, row * dimension, v);
  }

  /** The array itself. */
  float[] values() {
    return values;
  }
}
