package io.vec2text.onnx;

import io.vec2text.spi.VectorStatistics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
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
    try {
      return read(file.toString(), Files.readAllBytes(file), dimension);
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + file, e);
    }
  }

  static VectorStatistics read(String name, byte[] bytes, int dimension) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.remaining() >= Integer.BYTES && in.getInt(0) != dimension) {
      throw new ModelFormatException(
          name + " is for vectors of dimension " + in.getInt(0) + ", expected " + dimension);
    }
    long triangle = (long) dimension * (dimension + 1) / 2;
    long expected = Integer.BYTES + Float.BYTES * (1 + dimension + triangle);
    if (in.remaining() != expected) {
      throw new ModelFormatException(
          name + " has " + in.remaining() + " bytes, expected " + expected);
    }
    in.getInt();
    float limit = in.getFloat();
    float[] mean = new float[dimension];
    float[] covariance = new float[Math.toIntExact(triangle)];
    in.asFloatBuffer().get(mean).get(covariance);
    try {
      return new VectorStatistics(mean, covariance, limit);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(name + ": " + e.getMessage(), e);
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
