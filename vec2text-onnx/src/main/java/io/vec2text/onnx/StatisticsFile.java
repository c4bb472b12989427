package io.vec2text.onnx;

import io.vec2text.spi.VectorStatistics;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * How an embedder's vectors are distributed, as the package's file {@code statistics.bin} holds it.
 * Format and fit are described in training/vec2text_training/fingerprint.py.
 */
final class StatisticsFile {
  private StatisticsFile() {}

  /**
   * Reads statistics.
   *
   * @param dimension of the vectors
   * @throws ModelFormatException if the file holds none, or for other vectors
   */
  static VectorStatistics read(Path file, int dimension) {
    return read(PackedFile.read(file), dimension);
  }

  static VectorStatistics read(PackedFile in, int dimension) {
    if (in.has(Integer.BYTES) && in.first(0) != dimension) {
      throw new ModelFormatException(
          in.name() + " is for vectors of dimension " + in.first(0) + ", expected " + dimension);
    }
    long triangle = (long) dimension * (dimension + 1) / 2;
    in.requireSize(Integer.BYTES + Float.BYTES * (1 + dimension + triangle));
    in.nextInt();
    float limit = in.nextFloat();
    float[] mean = in.floats(dimension);
    float[] covariance = in.floats(Math.toIntExact(triangle));
    try {
      return new VectorStatistics(mean, covariance, limit);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(in.name() + ": " + e.getMessage(), e);
    }
  }

  /** The bytes of a file. */
  static byte[] write(VectorStatistics statistics) {
    float[] mean = statistics.mean();
    float[] covariance = statistics.covariance();
    ByteBuffer out =
        ByteBuffer.allocate(Integer.BYTES + Float.BYTES * (1 + mean.length + covariance.length));
    out.putInt(mean.length).putFloat((float) statistics.limit());
    out.asFloatBuffer().put(mean).put(covariance);
    return out.array();
  }
}
