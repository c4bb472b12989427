package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vec2text.spi.VectorStatistics;
import io.vec2text.testing.Fuzzer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatisticsFileTest {
  /** Two dimensions. */
  private static byte[] bytes(float limit, float... rest) {
    ByteBuffer out = ByteBuffer.allocate(8 + 4 * rest.length);
    out.putInt(2).putFloat(limit);
    out.asFloatBuffer().put(rest);
    return out.array();
  }

  private static final byte[] GOOD = bytes(4, 0.5f, -0.25f, 2, 0.5f, 1);

  private static void assertDamaged(byte[] bytes, String message) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> StatisticsFile.read(new PackedFile("statistics.bin", bytes), 2))
        .withMessageContaining("statistics.bin")
        .withMessageContaining(message);
  }

  @Test
  void holdsAMeanATriangleAndALimit(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("statistics.bin"), GOOD);
    VectorStatistics read = StatisticsFile.read(file, 2);
    assertThat(read.mean()).containsExactly(0.5f, -0.25f);
    assertThat(read.covariance(0, 0)).isEqualTo(2);
    assertThat(read.covariance(0, 1)).isEqualTo(read.covariance(1, 0)).isEqualTo(0.5f);
    assertThat(read.covariance(1, 1)).isEqualTo(1);
    assertThat(read.limit()).isEqualTo(4);
  }

  @Test
  void aDamagedFileIsRefused() {
    assertDamaged(Arrays.copyOf(GOOD, GOOD.length - 1), "has 27 bytes, expected 28");
    assertDamaged(new byte[3], "has 3 bytes");
    assertDamaged(bytes(4, 0, 0, Float.NaN, 0, 1), "NaN");
    assertDamaged(bytes(4, Float.POSITIVE_INFINITY, 0, 1, 0, 1), "Infinity");
    assertDamaged(bytes(Float.NaN, 0, 0, 1, 0, 1), "limit");
    assertDamaged(bytes(0.5f, 0, 0, 1, 0, 1), "limit");
    assertDamaged(bytes(4, 0, 0, 1, 0, 0), "variance");
    assertDamaged(bytes(4, 0, 0, 1, 2, 1), "positive definite");
    byte[] other = GOOD.clone();
    other[3] = 3;
    assertDamaged(other, "dimension 3, expected 2");
  }

  @Test
  void mutatedFilesAreReadOrRefused() {
    Fuzzer.of("statistics", List.of(GOOD))
        .allowing(ModelFormatException.class)
        .run(input -> StatisticsFile.read(new PackedFile("statistics.bin", input), 2));
  }
}
