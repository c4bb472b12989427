package io.vec2text.onnx;

import com.google.common.collect.Comparators;
import com.google.common.primitives.Floats;
import com.google.common.primitives.Ints;
import io.vec2text.internal.Dot;
import io.vec2text.spi.TokenContributions;
import java.nio.ByteBuffer;
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
  private static final float MAX_SCALE = 1000;
  private static final float MIN_SCALE = 1e-9f;

  /** {@link #nearest} looks at one component of so many first. */
  private static final int SHORTCUT = 4;

  /** How many words it looks at again for one that it returns. */
  private static final int SPARE = 10;

  private final int dimension;
  private final float[] scales;
  private final byte[] rows;

  private WordTable(PackedFile in) {
    int words = in.nextInt();
    dimension = in.nextInt();
    scales = in.floats(words);
    rows = in.bytes(words * dimension);
  }

  /**
   * Reads a table.
   *
   * @param vocabulary tokens that it must have
   * @param dimension of their vectors
   * @throws ModelFormatException if the file is not one, or for other vectors
   */
  static WordTable read(Path file, int vocabulary, int dimension) {
    return read(PackedFile.read(file), vocabulary, dimension);
  }

  static WordTable read(PackedFile in, int vocabulary, int dimension) {
    if (in.has(HEADER) && (in.first(0) != vocabulary || in.first(1) != dimension)) {
      throw new ModelFormatException(
          String.format(
              "%s has vectors of %d words and dimension %d, expected %d and %d",
              in.name(), in.first(0), in.first(1), vocabulary, dimension));
    }
    in.requireSize(HEADER + (long) vocabulary * (Float.BYTES + dimension));
    WordTable table = new WordTable(in);
    for (int word = 0; word < vocabulary; word++) {
      if (!(Math.abs(table.scales[word]) <= MAX_SCALE)) {
        throw new ModelFormatException(
            String.format(
                "%s has the scale %s of word %d, expected at most %s",
                in.name(), table.scales[word], word, MAX_SCALE));
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
      reach[i] = scales[tokens[i]] * Dot.ofRow(rows, tokens[i] * dimension, direction, components);
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
}
