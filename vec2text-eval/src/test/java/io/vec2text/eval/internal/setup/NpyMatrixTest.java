package io.vec2text.eval.internal.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyMatrixTest {
  @TempDir Path directory;

  @Test
  void matricesOfEverySizeComeBackAndDamagedOnesAreRefused() throws IOException {
    for (int rows : new int[] {1, 3, 300_000}) {
      Path file = directory.resolve(rows + ".npy");
      float[] matrix = new float[rows * 3];
      for (int i = 0; i < matrix.length; i++) {
        matrix[i] = i * 0.25f;
      }
      NpyMatrix.write(file, matrix, 3);
      assertThat(Files.size(file)).isEqualTo(128 + 12L * rows);
      assertThat(NpyMatrix.read(file, rows, 3)).isEqualTo(matrix);
    }
    Path file = directory.resolve("3.npy");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> NpyMatrix.read(file, 4, 3))
        .withMessageContaining("3.npy holds no matrix of 4 x 3 numbers; delete it");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> NpyMatrix.read(file, 9, 1))
        .withMessageContaining("no matrix of 9 x 1");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 150));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> NpyMatrix.read(file, 3, 3));
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).as("no part is left").hasSize(3);
    }
  }
}
