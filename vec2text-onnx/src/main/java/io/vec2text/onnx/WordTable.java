package io.vec2text.onnx;

import com.google.common.collect.Comparators;
import io.vec2text.ModelFormatException;
import io.vec2text.WordVectors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A vector for each token, as the package's file {@code words.bin} holds them: bytes in units of
 * each row's scale. Format and fit are described in training/vec2text_training/words.py.
 */
final class WordTable implements WordVectors {
  private static final int HEADER = 2 * Integer.BYTES;

  private final int dimension;
  private final float[] scales;
  private final byte[] rows;

  private WordTable(ByteBuffer in) {
    int words = in.getInt();
    dimension = in.getInt();
    scales = new float[words];
    in.asFloatBuffer().get(scales);
    in.position(in.position() + Float.BYTES * words);
    rows = new byte[words * dimension];
    in.get(rows);
  }

  /**
   * Reads a table.
   *
   * @param vocabulary tokens that it must have
   * @param dimension of their vectors
   * @throws ModelFormatException if the file is not one, or for other vectors
   */
  static WordTable read(Path file, int vocabulary, int dimension) {
    ByteBuffer in;
    try {
      in = ByteBuffer.wrap(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + file, e);
    }
    if (in.remaining() >= HEADER && (in.getInt(0) != vocabulary || in.getInt(4) != dimension)) {
      throw new ModelFormatException(
          String.format(
              "%s has vectors of %d words and dimension %d, expected %d and %d",
              file, in.getInt(0), in.getInt(4), vocabulary, dimension));
    }
    long expected = HEADER + (long) vocabulary * (Float.BYTES + dimension);
    if (in.remaining() != expected) {
      throw new ModelFormatException(
          file + " has " + in.remaining() + " bytes, expected " + expected);
    }
    return new WordTable(in);
  }

  @Override
  public float[] of(int token) {
    float[] row = new float[dimension];
    for (int k = 0, at = token * dimension; k < dimension; k++, at++) {
      row[k] = scales[token] * rows[at];
    }
    return row;
  }

  @Override
  public List<Integer> furthest(float[] direction, int most) {
    float[] reach = new float[scales.length];
    for (int token = 0; token < reach.length; token++) {
      reach[token] = scales[token] * product(token, direction);
    }
    return IntStream.range(0, reach.length)
        .filter(t -> reach[t] > 0)
        .boxed()
        .collect(
            Comparators.least(
                most,
                Comparator.comparingDouble((Integer t) -> -reach[t])
                    .thenComparing(Comparator.naturalOrder())));
  }

  private float product(int token, float[] direction) {
    // Four sums, so that none waits for the one before.
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int at = token * dimension;
    int k = 0;
    for (; k + 3 < dimension; k += 4, at += 4) {
      s0 += rows[at] * direction[k];
      s1 += rows[at + 1] * direction[k + 1];
      s2 += rows[at + 2] * direction[k + 2];
      s3 += rows[at + 3] * direction[k + 3];
    }
    for (; k < dimension; k++, at++) {
      s0 += rows[at] * direction[k];
    }
    return s0 + s1 + (s2 + s3);
  }
}
