package io.vec2text.onnx;

import com.google.common.collect.Comparators;
import com.google.common.primitives.Floats;
import com.google.common.primitives.Ints;
import io.vec2text.spi.TokenContributions;
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
final class WordTable implements TokenContributions {
  private static final int HEADER = 2 * Integer.BYTES;
  private static final int MAX_BYTES = 1 << 30;
  private static final float MAX_SCALE = 1000;
  private static final float MIN_SCALE = 1e-9f;

  /** {@link #nearest} looks at one component of so many first. */
  private static final int SHORTCUT = 4;

  /** How many words it looks at again for one that it returns. */
  private static final int SPARE = 10;

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
    return read(bytes(file), file.toString(), vocabulary, dimension);
  }

  static WordTable read(byte[] bytes, String name, int vocabulary, int dimension) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.remaining() >= HEADER && (in.getInt(0) != vocabulary || in.getInt(4) != dimension)) {
      throw new ModelFormatException(
          String.format(
              "%s has vectors of %d words and dimension %d, expected %d and %d",
              name, in.getInt(0), in.getInt(4), vocabulary, dimension));
    }
    long expected = HEADER + (long) vocabulary * (Float.BYTES + dimension);
    if (in.remaining() != expected) {
      throw new ModelFormatException(
          name + " has " + in.remaining() + " bytes, expected " + expected);
    }
    WordTable table = new WordTable(in);
    for (int word = 0; word < vocabulary; word++) {
      if (!(Math.abs(table.scales[word]) <= MAX_SCALE)) {
        throw new ModelFormatException(
            String.format(
                "%s has the scale %s of word %d, expected at most %s",
                name, table.scales[word], word, MAX_SCALE));
      }
    }
    return table;
  }

  /**
   * The bytes of a file.
   *
   * @param rows a vector for each token, float [vocabulary][dimension]
   */
  static byte[] write(float[][] rows) {
    int dimension = rows[0].length;
    ByteBuffer out = ByteBuffer.allocate(HEADER + rows.length * (Float.BYTES + dimension));
    out.putInt(rows.length).putInt(dimension);
    float[] scales = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      scales[i] = Math.max(MIN_SCALE, Math.max(Floats.max(rows[i]), -Floats.min(rows[i])) / 127);
      out.putFloat(scales[i]);
    }
    for (int i = 0; i < rows.length; i++) {
      for (float x : rows[i]) {
        out.put((byte) Math.round(x / scales[i]));
      }
    }
    return out.array();
  }

  /** The bytes of a table, here or of trigrams. */
  static byte[] bytes(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new ModelFormatException(
            file + " has " + size + " bytes, expected at most " + MAX_BYTES);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ModelFormatException("can't read " + file, e);
    }
  }

  @Override
  public float[] of(int token) {
    float[] row = new float[dimension];
    for (int k = 0, at = token * dimension; k < dimension; k++, at++) {
      row[k] = scales[token] * rows[at];
    }
    return row;
  }

  /**
   * {@inheritDoc}
   *
   * <p>They are looked for among those that seem to reach furthest by the largest quarter of the
   * direction's components, which misses few: reading all components of all words takes too long.
   */
  @Override
  public List<Integer> nearest(float[] direction, int most) {
    int[] largest =
        IntStream.range(0, dimension)
            .boxed()
            .sorted(Comparator.comparingDouble(k -> -Math.abs(direction[k])))
            .limit(1 + dimension / SHORTCUT)
            .mapToInt(k -> k)
            .sorted()
            .toArray();
    int[] all = IntStream.range(0, scales.length).toArray();
    int[] seeming = nearest(all, direction, largest, SPARE * most);
    return Ints.asList(nearest(seeming, direction, IntStream.range(0, dimension).toArray(), most));
  }

  private int[] nearest(int[] tokens, float[] direction, int[] components, int most) {
    float[] reach = new float[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      reach[i] = scales[tokens[i]] * product(tokens[i], direction, components);
    }
    return IntStream.range(0, tokens.length)
        .filter(i -> reach[i] > 0)
        .boxed()
        .collect(
            Comparators.least(
                most,
                Comparator.comparingDouble((Integer i) -> -reach[i]).thenComparing(i -> tokens[i])))
        .stream()
        .mapToInt(i -> tokens[i])
        .toArray();
  }

  private float product(int token, float[] direction, int[] components) {
    // Four sums, so that none waits for the one before.
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int row = token * dimension;
    int i = 0;
    for (; i + 3 < components.length; i += 4) {
      s0 += rows[row + components[i]] * direction[components[i]];
      s1 += rows[row + components[i + 1]] * direction[components[i + 1]];
      s2 += rows[row + components[i + 2]] * direction[components[i + 2]];
      s3 += rows[row + components[i + 3]] * direction[components[i + 3]];
    }
    for (; i < components.length; i++) {
      s0 += rows[row + components[i]] * direction[components[i]];
    }
    return s0 + s1 + (s2 + s3);
  }
}
