package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vec2text.Vectors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordTableTest {
  @TempDir private Path folder;
  private Path file;

  /** Four words in five dimensions; nothing is known of word 1. */
  static byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(8 + 4 * 4 + 4 * 5);
    out.putInt(4).putInt(5);
    out.putFloat(0.5f).putFloat(1).putFloat(0.25f).putFloat(2);
    out.put(new byte[] {127, 0, -127, 4, 2});
    out.put(new byte[5]);
    out.put(new byte[] {40, 0, 0, 0, -8});
    out.put(new byte[] {3, 0, 0, 0, 8});
    return out.array();
  }

  @BeforeEach
  void write() throws IOException {
    file = Files.write(folder.resolve("words.bin"), bytes());
  }

  @Test
  void aScaleMustBeFinite() {
    byte[] bytes = bytes();

    for (float scale : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 1e38f}) {
      ByteBuffer.wrap(bytes).putFloat(8, scale);
      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> WordTable.read(new PackedFile("words.bin", bytes), 4, 5))
          .withMessage("words.bin has the scale " + scale + " of word 0, expected at most 1000.0");
    }
  }

  @Test
  void vectorsAreBytesInUnitsOfTheirScales() {
    WordTable table = WordTable.read(file, 4, 5);
    assertThat(table.of(0)).containsExactly(63.5f, 0, -63.5f, 2, 1);
    assertThat(table.of(1)).containsOnly(0);
    assertThat(table.of(3)).containsExactly(6, 0, 0, 0, 16);
  }

  @Test
  void theFurthestInADirectionComeFirst() {
    WordTable table = WordTable.read(file, 4, 5);
    assertThat(table.nearest(new float[] {1, 0, 0, 0, 0}, 4)).containsExactly(0, 2, 3);
    assertThat(table.nearest(new float[] {0, 0, 0, 0, 1}, 1)).containsExactly(3);
    assertThat(table.nearest(new float[] {0, 0, 1, 0, 0}, 4)).isEmpty();
  }

  @Test
  void aLookAtSomeComponentsFindsTheFurthestByAll() throws IOException {
    int words = 300;
    int dimension = 64;
    Random random = new Random(1);
    ByteBuffer out = ByteBuffer.allocate(8 + words * (4 + dimension));
    out.putInt(words).putInt(dimension);
    for (int i = 0; i < words; i++) {
      out.putFloat(1);
    }
    byte[] rows = new byte[words * dimension];
    random.nextBytes(rows);
    out.put(rows);
    Files.write(file, out.array());
    WordTable table = WordTable.read(file, words, dimension);
    for (int word = 0; word < words; word++) {
      float[] direction = table.of(word);
      List<Integer> furthest = table.nearest(direction, 5);
      assertThat(furthest).hasSize(5).startsWith(word).doesNotHaveDuplicates();
      assertThat(furthest)
          .isSortedAccordingTo(
              Comparator.comparingDouble(w -> -Vectors.dot(table.of(w), direction)));
    }
  }

  @Test
  void anotherVocabularyOrDimensionIsNamed() {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> WordTable.read(file, 7, 5))
        .withMessageContaining("4 words and dimension 5, expected 7 and 5");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> WordTable.read(file, 4, 6))
        .withMessageContaining("4 words and dimension 5, expected 4 and 6");
  }

  @Test
  void anotherSizeIsNamed() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int n : new int[] {0, 7, bytes.length - 1}) {
      Files.write(file, Arrays.copyOf(bytes, n));
      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> WordTable.read(file, 4, 5))
          .withMessageContaining("has " + n + " bytes, expected 44");
    }
  }
}
