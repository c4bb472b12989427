package io.vec2text.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TextReadersTest {
  private static final ReadOptions UNSCALED = ReadOptions.defaults();

  @TempDir private Path folder;

  /** Rows as text: numbers, or the problem. */
  private List<String> read(String name, byte[] content, ReadOptions options) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, content);
    List<String> rows = new ArrayList<>();
    try (VectorReader reader = VectorFiles.open(file, options)) {
      for (Row row = reader.next(); row != null; row = reader.next()) {
        rows.add(
            row instanceof Row.Vector vector
                ? Arrays.toString(vector.values())
                : ((Row.Malformed) row).problem());
      }
    }
    return rows;
  }

  private List<String> read(String name, String content) throws IOException {
    return read(name, content.getBytes(StandardCharsets.UTF_8), UNSCALED);
  }

  @Test
  void readsArraysAndObjects() throws IOException {
    assertThat(
            read(
                "v.jsonl",
                """
                \uFEFF[1, 2.5, -3e-1]\r

                {"id": {"vector": [9]}, "embedding": [1, 2, 0], "vector": [3]}
                {"embedding": [4, NaN, -Infinity], "text": "x"}\
                """))
        .containsExactly("[1.0, 2.5, -0.3]", "[1.0, 2.0, 0.0]", "[4.0, NaN, -Infinity]");
  }

  @Test
  void keepsBadRowsApart() throws IOException {
    assertThat(
            read(
                "v.jsonl",
                """
                [1, 3]

                null
                [1, "2"]
                [1, [2]]
                [1, 2
                {"text": 1}
                []
                [1] [2]
                [1,]
                [2, 3]
                """))
        .containsExactly(
            "[1.0, 3.0]",
            "line 3: is null, expected an array of numbers",
            "[1.0, 2.0]",
            "line 5: component 1 is an array, expected a number",
            "line 6: not JSON at column 6: Unexpected end-of-input",
            "line 7: is an object with `text`, expected an array of numbers",
            "line 8: the vector is empty",
            "[1.0]",
            "[2.0]",
            "[1.0]",
            "[2.0, 3.0]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\n", "hello\n", "{}\n", "{\"a\": [\"b\"]}\n", "[1, 2", "\"x\"\n", "\u0000\u0001"})
  void refusesFilesWithoutVectors(String content) {
    assertThatExceptionOfType(VectorFileException.class)
        .isThrownBy(() -> read("v.jsonl", content))
        .withMessageNotContaining("\n");
  }

  @Test
  void readsCsvWithAndWithoutHeader() throws IOException {
    String rows = "1,2.5,\"3\"\n\n4, 5 ,nan\r\n-inf,0,1e3\n";
    List<String> expected =
        List.of("[1.0, 2.5, 3.0]", "[4.0, 5.0, NaN]", "[-Infinity, 0.0, 1000.0]");
    assertThat(read("v.csv", rows)).isEqualTo(expected);
    assertThat(read("v.csv", "\uFEFFa,b,c\n" + rows)).isEqualTo(expected);
    assertThat(read("v.csv", "0,1,2\n" + rows)).isEqualTo(expected);
  }

  @Test
  void keepsBadRecordsApart() throws IOException {
    assertThat(read("v.csv", "1,2\n3,x\n\n4,\n5,6,7\n"))
        .containsExactly(
            "[1.0, 2.0]",
            "line 2: component 1 is not a number",
            "line 4: component 1 is empty",
            "[5.0, 6.0, 7.0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "a,b\n", "a,b\nc,d\n", "a,b\n\"1,2\n"})
  void refusesCsvWithoutVectors(String content) {
    assertThatExceptionOfType(VectorFileException.class)
        .isThrownBy(() -> read("v.csv", content))
        .withMessageNotContaining("\n");
  }

  @Test
  void scales() throws IOException {
    byte[] csv = "2,4\n".getBytes(StandardCharsets.UTF_8);
    assertThat(read("v.csv", csv, ReadOptions.builder().scale(0.25).build()))
        .containsExactly("[0.5, 1.0]");
  }

  @Test
  void refusesVectorsWithoutEnd() throws IOException {
    String endless = "1" + ",1".repeat(VectorFiles.MAX_DIMENSION);
    assertThat(read("v.csv", "1,2\n" + endless)).contains("line 2: more than 65536 numbers");
    assertThat(read("v.jsonl", "[1]\n[" + endless + "]"))
        .contains("line 2: more than 65536 numbers");
  }

  @Test
  void readsRowsThatAreLongerThanTheSample() throws IOException {
    int dimension = 60_000;
    String row = "0.12345678901234567,".repeat(dimension - 1) + "1";
    ReadOptions options = ReadOptions.builder().dimension(dimension).build();
    for (String text : List.of("a," + row + "\nb," + row, "[" + row + "]\n[" + row + "]")) {
      Path file = Files.writeString(folder.resolve("long"), text);
      try (VectorReader reader = VectorFiles.open(file, options)) {
        for (int i = 0; i < 2; i++) {
          assertThat(((Row.Vector) reader.next()).values()).hasSize(dimension);
        }
        assertThat(reader.next()).isNull();
      }
    }
  }

  @Test
  void tellsTheFormatByContent() throws IOException {
    assertThat(read("v.parquet", "1,2\n")).containsExactly("[1.0, 2.0]");
    assertThat(read("v.csv", "[[1,2],[3,4]]")).containsExactly("[1.0, 2.0]", "[3.0, 4.0]");
    assertThat(read("v.jsonl", "1,2\n")).containsExactly("[1.0, 2.0]");
  }

  @Test
  void throwsNothingElseWhateverTheBytes() throws IOException {
    byte[] jsonl =
        "[1,2]\n{\"vector\":[1,NaN],\"x\":null}\n[3,4]\n".getBytes(StandardCharsets.UTF_8);
    byte[] csv = "a,b\n1,2\n\"3\",4\n5,nan\n".getBytes(StandardCharsets.UTF_8);
    for (int seed = 0; seed < 1000; seed++) {
      Random random = new Random(seed);
      byte[] mutant = (seed % 2 == 0 ? jsonl : csv).clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        mutant[random.nextInt(mutant.length)] =
            (byte)
                (random.nextBoolean()
                    ? "[]{}\",:\n\r1".charAt(random.nextInt(10))
                    : random.nextInt());
      }
      mutant = Arrays.copyOf(mutant, random.nextInt(mutant.length + 1));
      try {
        for (String row : read(seed % 2 == 0 ? "v.jsonl" : "v.csv", mutant, UNSCALED)) {
          assertThat(row).as("seed %s", seed).doesNotContain("\n");
        }
      } catch (VectorFileException e) {
        // As it should be.
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void splitsLines() throws IOException {
    Path file = folder.resolve("lines");
    String longLine = "x".repeat(200_000);
    Files.writeString(file, "a\r\n\n" + longLine + "\nb\r");
    try (LineReader lines = LineReader.open(file, 200_000)) {
      assertThat(lines.decode(lines.next())).isEqualTo("a");
      assertThat(lines.offset()).isEqualTo(3);
      assertThat(lines.next()).isEmpty();
      assertThat(lines.decode(lines.next())).isEqualTo(longLine);
      assertThat(lines.terminated()).isTrue();
      assertThat(lines.decode(lines.next())).isEqualTo("b\r");
      assertThat(lines.terminated()).isFalse();
      assertThat(lines.line()).isEqualTo(4);
      assertThat(lines.next()).isNull();
      assertThat(lines.offset()).isEqualTo(Files.size(file));
    }
    try (LineReader lines = LineReader.open(file, 199_999)) {
      lines.next();
      lines.next();
      assertThatExceptionOfType(VectorFileException.class)
          .isThrownBy(lines::next)
          .withMessageContaining("line 3 is too long");
    }
  }
}
