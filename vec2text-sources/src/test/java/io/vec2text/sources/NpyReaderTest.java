package io.vec2text.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vec2text.sources.internal.HalfFloat;
import io.vec2text.testing.NpyBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NpyReaderTest {
  private static final ReadOptions UNSCALED = ReadOptions.defaults();

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("vectors.npy");
  }

  static byte[] golden(String name) throws IOException {
    try (InputStream in = NpyReaderTest.class.getResourceAsStream(name + ".npy")) {
      return in.readAllBytes();
    }
  }

  private List<float[]> read(byte[] bytes, ReadOptions options) throws IOException {
    Files.write(file, bytes);
    return read(file, options);
  }

  static List<float[]> read(Path file, ReadOptions options) throws IOException {
    List<float[]> vectors = new ArrayList<>();
    try (VectorReader reader = VectorFiles.open(file, options)) {
      for (Row row = reader.next(); row != null; row = reader.next()) {
        vectors.add(((Row.Vector) row).values());
      }
      assertThat(reader.rows()).hasValue(vectors.size());
    }
    return vectors;
  }

  private static float[][] values(double offset, double factor) {
    float[][] values = new float[3][4];
    for (int i = 0; i < 12; i++) {
      values[i / 4][i % 4] = (float) ((i + offset) * factor);
    }
    return values;
  }

  private void assertRefused(byte[] bytes, String... saying) {
    assertThatExceptionOfType(VectorFileException.class)
        .isThrownBy(() -> read(bytes, UNSCALED))
        .withMessageStartingWith(file.toString())
        .withMessageNotContaining("\n")
        .satisfies(e -> assertThat(e.getMessage()).contains(saying));
  }

  @ParameterizedTest
  @ValueSource(strings = {"f2", "f4", "f8", "v2", "v3"})
  void readsWhatNumpyWrites(String name) throws IOException {
    assertThat(read(golden(name), UNSCALED).toArray(new float[0][]))
        .isDeepEqualTo(values(-5, 0.125));
  }

  @Test
  void readsOneAxisAsOneVector() throws IOException {
    assertThat(read(golden("vector"), UNSCALED)).containsExactly(values(-5, 0.125)[0]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"})
  void multipliesByAScale(String name) throws IOException {
    float[][] expected = values(name.startsWith("i") ? -5 : 0, 20 * 0.5);
    assertThat(read(golden(name), ReadOptions.builder().scale(0.5).build()).toArray(new float[0][]))
        .isDeepEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"i1", "i2", "i4", "i8"})
  void readsSignedIntegersWithoutAScaleBecauseOnlyDirectionCounts(String name) throws IOException {
    assertThat(read(golden(name), UNSCALED).toArray(new float[0][])).isDeepEqualTo(values(-5, 20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"u1", "u2", "u4", "u8"})
  void refusesUnsignedIntegersWithoutAScale(String name) throws IOException {
    assertRefused(golden(name), "unsigned integers", "zero point", "--scale");
  }

  @ParameterizedTest
  @ValueSource(strings = {"big-endian", "fortran"})
  void readsAnyByteOrderAndAnyOrderOfAxes(String name) throws IOException {
    assertThat(read(golden(name), UNSCALED).toArray(new float[0][]))
        .isDeepEqualTo(values(-5, 0.125));
  }

  @Test
  void readsBooleansAsSigns() throws IOException {
    for (float[] vector : read(golden("bool"), UNSCALED)) {
      for (float v : vector) {
        assertThat(Math.abs(v)).isEqualTo(1);
      }
    }
  }

  @Test
  void refusesRecordsAndSaysHowToConvertThem() throws IOException {
    assertRefused(golden("records"), "records", "np.save");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(4, 2)|2|",
        "(2, 4)|2|columns",
        "(1, 4, 2)|2|",
        "(4, 1, 2)|2|",
        "(4, 2, 1)|2|",
        "(1, 2, 4)|2|columns"
      })
  void readsAnyShapeThatIsUnambiguous(String shape, int dimension, String note) throws IOException {
    boolean turned = note != null;
    float[] all = {1, 2, 3, 4, 5, 6, 7, 8};
    Files.write(file, NpyBytes.of(NpyBytes.dict(shape), NpyBytes.data(all)));
    try (VectorReader reader =
        VectorFiles.open(file, ReadOptions.builder().dimension(dimension).build())) {
      assertThat(reader.description()).contains(turned ? note : "");
      for (int i = 0; i < 4; i++) {
        assertThat(((Row.Vector) reader.next()).values())
            .containsExactly(
                turned ? new float[] {i + 1, i + 5} : new float[] {2 * i + 1, 2 * i + 2});
      }
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void readsPackedBitsAsSigns() throws IOException {
    for (String descr : List.of("|u1", "|i1")) {
      // Signed ones are stored less 128.
      byte bits = (byte) (0b1010_0001 - (descr.equals("|i1") ? 128 : 0));
      Files.write(
          file, NpyBytes.of(NpyBytes.dict("(1, 1)").replace("<f4", descr), new byte[] {bits}));
      try (VectorReader reader =
          VectorFiles.open(file, ReadOptions.builder().dimension(8).build())) {
        assertThat(((Row.Vector) reader.next()).values())
            .containsExactly(1, -1, 1, -1, -1, -1, -1, 1);
        assertThat(reader.description()).contains("packed bits");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "|O, Python objects",
    "<U5, texts",
    "|V2, bfloat16",
    "<c8, elements of type <c8",
    "<f16, elements of type <f16"
  })
  void saysHowToConvertOtherElements(String descr, String saying) {
    assertRefused(
        NpyBytes.of(NpyBytes.dict("(1, 4)").replace("<f4", descr), new byte[64]),
        saying,
        "float32");
  }

  @Test
  void readsHalfPrecision() {
    assertThat(HalfFloat.toDouble((short) 0x3C00)).isEqualTo(1);
    assertThat(HalfFloat.toDouble((short) 0xC000)).isEqualTo(-2);
    assertThat(HalfFloat.toDouble((short) 0x7BFF)).isEqualTo(65504);
    assertThat(HalfFloat.toDouble((short) 0x0001)).isEqualTo(Math.scalb(1.0, -24));
    assertThat(HalfFloat.toDouble((short) 0x03FF)).isEqualTo(Math.scalb(1023.0, -24));
    assertThat(HalfFloat.toDouble((short) 0x7C00)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(HalfFloat.toDouble((short) 0xFC00)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(HalfFloat.toDouble((short) 0x7E00)).isNaN();
    for (int bits = 0; bits < 0x7C00; bits++) {
      assertThat(HalfFloat.toDouble((short) (bits + 1)))
          .isGreaterThan(HalfFloat.toDouble((short) bits));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(1099511627776, 384)",
        "(4, 9223372036854775807)",
        "(4, 99999999999999999999999999)",
        "(1, 65536)",
        "(5,)"
      })
  void checksItsClaimsAgainstTheFile(String shape) {
    byte[] data = new byte[4 * 4];
    assertRefused(NpyBytes.of(NpyBytes.dict(shape), data), "claims");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1, 4)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, '4')}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 4)}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1, 4)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 4)} x",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 4)",
        "{'descr': ((((((((((((((((((((",
        "['descr']"
      })
  void refusesMalformedHeaders(String dict) {
    assertRefused(NpyBytes.of(dict, new byte[16]), "malformed npy header");
  }

  @ParameterizedTest
  @ValueSource(strings = {"()", "(2, 2, 2)", "(0, 4)", "(4, 0)", "(0,)"})
  void refusesShapesWithoutVectors(String shape) {
    assertRefused(NpyBytes.of(NpyBytes.dict(shape), new byte[16]), "shape");
  }

  @Test
  void readsHeadersOfOldPython() throws IOException {
    byte[] data = NpyBytes.data(new float[] {1, 2});
    assertThat(read(NpyBytes.of(NpyBytes.dict("(1L, 2L)"), data), UNSCALED))
        .containsExactly(new float[] {1, 2});
  }

  /** Rows as text: numbers, or the problem. */
  private List<String> rows(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    List<String> rows = new ArrayList<>();
    try (VectorReader reader = VectorFiles.open(file, UNSCALED)) {
      for (Row row = reader.next(); row != null; row = reader.next()) {
        rows.add(
            row instanceof Row.Vector v
                ? Arrays.toString(v.values())
                : ((Row.Malformed) row).problem());
      }
      reader.rows().ifPresent(n -> assertThat(n).isEqualTo(rows.size()));
    }
    return rows;
  }

  @Test
  void saysThatSomethingFollows() throws IOException {
    byte[] bytes = golden("f4");
    assertThat(rows(Arrays.copyOf(bytes, bytes.length + 16)))
        .hasSize(4)
        .last()
        .isEqualTo("bytes follow the 3 vectors that the npy header claims");
  }

  @Test
  void readsArraysThatFollowEachOther() throws IOException {
    byte[] one = NpyBytes.file(new float[] {1, 2});
    byte[] two = NpyBytes.file(new float[] {3, 4}, new float[] {5, 6});
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    assertThat(rows(both)).containsExactly("[1.0, 2.0]", "[3.0, 4.0]", "[5.0, 6.0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(1099511627776, 4)", "(9223372036854775807, 4)", "(2, 3)"})
  void whatATruncatedFileHoldsIsReadAndWhatIsMissingIsSaid(String shape) throws IOException {
    assertThat(rows(NpyBytes.of(NpyBytes.dict(shape), new byte[4 * 4])))
        .hasSize(2)
        .last()
        .asString()
        .startsWith("is truncated: rows 1 to ");
  }

  @Test
  void everyTruncationIsToldAndLosesNothingBefore() throws IOException {
    for (String name : List.of("f2", "f4", "f8", "v2", "v3", "vector")) {
      byte[] bytes = golden(name);
      List<String> all = rows(bytes);
      for (int n = 0; n < bytes.length; n++) {
        byte[] some = Arrays.copyOf(bytes, n);
        try {
          List<String> rows = rows(some);
          assertThat(rows.get(rows.size() - 1)).contains("truncated");
          assertThat(all).startsWith(rows.subList(0, rows.size() - 1).toArray(new String[0]));
        } catch (VectorFileException e) {
          assertThat(e).hasMessageContaining(n == 0 ? "empty" : "truncated");
        }
      }
    }
  }

  @Test
  void throwsNothingElseWhateverTheHeader() throws IOException {
    byte[] bytes = golden("f4");
    for (int seed = 0; seed < 1000; seed++) {
      Random random = new Random(seed);
      byte[] mutant = bytes.clone();
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        int at = random.nextInt(80);
        // Half of the time a digit, which makes claims rather than nonsense.
        mutant[at] = (byte) (random.nextBoolean() ? '0' + random.nextInt(10) : random.nextInt(256));
      }
      try {
        assertThat(rows(mutant)).as("seed %s", seed).isNotEmpty();
      } catch (VectorFileException e) {
        assertThat(e.getMessage()).as("seed %s", seed).doesNotContain("\n");
      } catch (RuntimeException | OutOfMemoryError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void skipsRows() throws IOException {
    int rows = 40_000;
    float[][] vectors = new float[rows][2];
    for (int i = 0; i < rows; i++) {
      vectors[i][0] = i;
    }
    Files.write(file, NpyBytes.file(vectors));
    try (VectorReader reader = VectorFiles.open(file, UNSCALED)) {
      assertThat(reader.next()).extracting(r -> ((Row.Vector) r).values()[0]).isEqualTo(0f);
      assertThat(reader.skip(20_000)).isEqualTo(20_000);
      assertThat(reader.next()).extracting(r -> ((Row.Vector) r).values()[0]).isEqualTo(20_001f);
      assertThat(reader.skip(30_000)).isEqualTo(rows - 20_002);
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void saysThatTheFileShrank() throws IOException {
    float[][] vectors = new float[40_000][2];
    Files.write(file, NpyBytes.file(vectors));
    try (VectorReader reader = VectorFiles.open(file, UNSCALED)) {
      reader.skip(20_000);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(1000);
      }
      Row row = reader.next();
      while (row instanceof Row.Vector) {
        row = reader.next();
      }
      assertThat(((Row.Malformed) row).problem()).contains("truncated");
    }
  }

  @Test
  void writesWhatNumpyWrites() throws IOException {
    try (NpyWriter writer =
        new NpyWriter(
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), 4)) {
      for (float[] vector : values(-5, 0.125)) {
        writer.write(vector);
      }
      writer.finish();
      assertThat(writer.rows()).isEqualTo(3);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(golden("f4"));
  }
}
