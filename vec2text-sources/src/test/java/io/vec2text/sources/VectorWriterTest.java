package io.vec2text.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VectorWriterTest {
  private static final List<float[]> VECTORS =
      List.of(new float[] {0.1f, -3, 1e-20f}, new float[] {Float.MIN_VALUE, 1 / 3f, 16777216});

  @TempDir private Path folder;

  private VectorWriter open(Path file) throws IOException {
    return VectorWriter.open(
        file, FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), 3);
  }

  private Path write(String name, List<Optional<String>> ids) throws IOException {
    Path file = folder.resolve(name);
    try (VectorWriter writer = open(file)) {
      for (int i = 0; i < VECTORS.size(); i++) {
        writer.write(VECTORS.get(i), ids.get(i));
      }
      writer.finish();
      assertThat(writer.rows()).isEqualTo(VECTORS.size());
    }
    return file;
  }

  private static List<float[]> read(Path file) throws IOException {
    List<float[]> vectors = new ArrayList<>();
    try (VectorReader reader = VectorFiles.open(file, ReadOptions.defaults())) {
      for (Row row = reader.next(); row != null; row = reader.next()) {
        vectors.add(((Row.Vector) row).values());
      }
    }
    return vectors;
  }

  @ParameterizedTest
  @ValueSource(strings = {"v.npy", "v.jsonl", "v.NDJSON", "v.csv"})
  void whatItWritesIsReadBackExactly(String name) throws IOException {
    Path file = write(name, List.of(Optional.empty(), Optional.empty()));
    assertThat(read(file).toArray(new float[0][])).isDeepEqualTo(VECTORS.toArray(new float[0][]));
  }

  @Test
  void writesWhatTheEndingSays() throws IOException {
    List<Optional<String>> ids = List.of(Optional.of("a\"1"), Optional.empty());
    assertThat(write("v.jsonl", ids))
        .hasContent(
            """
            {"id":"a\\"1","embedding":[0.1,-3.0,1.0E-20]}
            {"embedding":[1.4E-45,0.33333334,1.6777216E7]}
            """);
    assertThat(write("v.csv", ids))
        .hasContent(
            """
            id,d0,d1,d2
            "a""1",0.1,-3.0,1.0E-20
            ,1.4E-45,0.33333334,1.6777216E7
            """);
    assertThat(Files.readAllBytes(write("v.npy", ids))).startsWith(0x93, 'N', 'U', 'M');
  }

  @ParameterizedTest
  @ValueSource(strings = {"v.parquet", "v", "v.npz", "csv.d/x"})
  void refusesOtherEndings(String name) {
    assertThatExceptionOfType(VectorFileException.class)
        .isThrownBy(() -> VectorWriter.checkName(Path.of(name)))
        .withMessageContaining("ends in .npy, .jsonl or .csv");
  }

  @Test
  void refusesOtherDimensionsAndLateIds() throws IOException {
    try (VectorWriter writer = open(folder.resolve("v.csv"))) {
      assertThatIllegalArgumentException().isThrownBy(() -> writer.write(new float[2]));
      writer.write(new float[3]);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.write(new float[3], Optional.of("late")));
    }
  }
}
