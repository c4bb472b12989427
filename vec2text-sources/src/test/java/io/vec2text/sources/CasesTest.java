package io.vec2text.sources;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files as people have them. {@code cases.txt} says what each gives: the five sentences' vectors by
 * number, exactly or (~) nearly, {@code v} for others, {@code d128} for other dimensions, {@code x}
 * for a row with a problem; then the ids, then what the description, a problem or the refusal says.
 */
final class CasesTest {
  private static final int DIMENSION = 384;
  private static final Map<String, byte[]> CASES = new LinkedHashMap<>();
  private static final List<float[]> SENTENCES = new ArrayList<>();

  @TempDir private Path folder;

  private static InputStream resource(String name) {
    return CasesTest.class.getResourceAsStream(name);
  }

  @BeforeAll
  static void load() throws IOException {
    try (ZipInputStream zip = new ZipInputStream(resource("cases.zip"))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        CASES.put(e.getName(), zip.readAllBytes());
      }
    }
    for (String line : new String(CASES.get("id_first_noheader.csv"), UTF_8).lines().toList()) {
      String[] cells = line.split(",", -1);
      float[] vector = new float[DIMENSION];
      for (int i = 0; i < DIMENSION; i++) {
        vector[i] = (float) Double.parseDouble(cells[i + 1]);
      }
      SENTENCES.add(vector);
    }
  }

  private static String[] fields(String line) {
    String[] fields = line.split("\\|", 4);
    return Arrays.stream(fields).map(String::strip).toArray(String[]::new);
  }

  static List<String> expectations() throws IOException {
    try (InputStream in = resource("cases.txt")) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }

  @Test
  void everyCaseHasAnExpectation() throws IOException {
    assertThat(expectations().stream().map(l -> fields(l)[0]))
        .containsExactlyInAnyOrderElementsOf(CASES.keySet());
  }

  @ParameterizedTest
  @MethodSource("expectations")
  void readsACaseOrSaysHowToGoOn(String line) throws IOException {
    String[] expected = fields(line);
    byte[] bytes = CASES.get(expected[0]);
    Path file = Files.write(folder.resolve(expected[0]), bytes);
    ReadOptions options = ReadOptions.builder().dimension(DIMENSION).build();
    check(expected, () -> VectorFiles.open(file, options));
    // A stream is read alike, here one that gives its bytes singly.
    check(expected, () -> VectorFiles.open(new Trickle(bytes), file.toString(), options));
  }

  private interface Opener {
    VectorReader open() throws IOException;
  }

  private static void check(String[] expected, Opener opener) throws IOException {
    List<String> rows = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    String said;
    try (VectorReader reader = opener.open()) {
      StringBuilder problems = new StringBuilder(reader.description());
      for (Row row = reader.next(); row != null; row = reader.next()) {
        rows.add(describe(row));
        row.place().id().ifPresent(ids::add);
        if (row instanceof Row.Malformed malformed) {
          problems.append("; ").append(malformed.problem());
        }
      }
      said = problems.toString();
    } catch (VectorFileException e) {
      said = e.getMessage();
    }
    assertThat(String.join(" ", rows)).isEqualTo(expected[1]);
    assertThat(String.join(" ", ids)).isEqualTo(expected[2]);
    assertThat(said).contains(expected[3]).doesNotContain("\n");
    assertThat(said).hasSizeLessThan(400);
  }

  private static String describe(Row row) {
    if (!(row instanceof Row.Vector vector)) {
      return "x";
    }
    float[] values = vector.values();
    if (values.length != DIMENSION) {
      return "d" + values.length;
    }
    for (int i = 0; i < SENTENCES.size(); i++) {
      if (Arrays.equals(values, SENTENCES.get(i))) {
        return Integer.toString(i);
      }
      if (cosine(values, SENTENCES.get(i)) > 0.999) {
        return "~" + i;
      }
    }
    return "v";
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * (double) b[i];
      aa += a[i] * (double) a[i];
      bb += b[i] * (double) b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }

  private static final class Trickle extends ByteArrayInputStream {
    Trickle(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int length) {
      return super.read(bytes, offset, Math.min(1, length));
    }

    @Override
    public synchronized int available() {
      return 0;
    }
  }
}
