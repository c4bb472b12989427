package io.vec2text.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * fvecs, and indexes that faiss-cpu 1.15.1 wrote:
 *
 * <pre>
 * x = np.arange(1, 13, dtype='f4').reshape(3, 4)
 * base64.b64encode(faiss.serialize_index(index)), having added x to
 *   faiss.IndexFlatIP(4), IndexFlatL2(4), IndexFlat(4, METRIC_L1), IndexHNSWFlat(4, 2),
 *   IndexIDMap2(IndexFlatL2(4)) and IndexIDMap with ids [7, -1, 1 &lt;&lt; 40]
 * </pre>
 */
final class BinaryFormsTest {
  private static final String IP =
      "SXhGSQQAAAADAAAAAAAAAAAAEAAAAAAAAAAQAAAAAAABAAAAAAwAAAAAAAAAAACAPwAAAEAA"
          + "AEBAAACAQAAAoEAAAMBAAADgQAAAAEEAABBBAAAgQQAAMEEAAEBB";
  private static final String L2 =
      "SXhGMgQAAAADAAAAAAAAAAAAEAAAAAAAAAAQAAAAAAABAQAAAAwAAAAAAAAAAACAPwAAAEAA"
          + "AEBAAACAQAAAoEAAAMBAAADgQAAAAEEAABBBAAAgQQAAMEEAAEBB";
  private static final String L1 =
      "SXhGbAQAAAADAAAAAAAAAAAAEAAAAAAAAAAQAAAAAAABAgAAAAAAAAAMAAAAAAAAAAAAgD8A"
          + "AABAAABAQAAAgEAAAKBAAADAQAAA4EAAAABBAAAQQQAAIEEAADBBAABAQQ==";
  private static final String ID_MAP_2 =
      "SXhNMgQAAAADAAAAAAAAAAAAEAAAAAAAAAAQAAAAAAABAQAAAEl4RjIEAAAAAwAAAAAAAAAA"
          + "ABAAAAAAAAAAEAAAAAAAAQEAAAAMAAAAAAAAAAAAgD8AAABAAABAQAAAgEAAAKBAAADAQAAA"
          + "4EAAAABBAAAQQQAAIEEAADBBAABAQQMAAAAAAAAABwAAAAAAAAD//////////wAAAAAAAQAA";
  private static final String ID_MAP =
      "SXhNcAQAAAADAAAAAAAAAAAAEAAAAAAAAAAQAAAAAAABAQAAAEl4RjIEAAAAAwAAAAAAAAAA"
          + "ABAAAAAAAAAAEAAAAAAAAQEAAAAMAAAAAAAAAAAAgD8AAABAAABAQAAAgEAAAKBAAADAQAAA"
          + "4EAAAABBAAAQQQAAIEEAADBBAABAQQMAAAAAAAAABwAAAAAAAAD//////////wAAAAAAAQAA";
  private static final String HNSW =
      "SUhOZgQAAAADAAAAAAAAAAAAEAAAAAAAAAAQAAAAAAABAQAAAB0AAAAAAAAAAAAAAAAA4D8A"
          + "AAAAAADQPwAAAAAAAMA/AAAAAAAAsD8AAAAAAACgPwAAAAAAAJA/AAAAAAAAgD8AAAAAAABw"
          + "PwAAAAAAAGA/AAAAAAAAUD8AAAAAAABAPwAAAAAAADA/AAAAAAAAID8AAAAA//8PPwAAAAAA"
          + "AAA/AAAAAP//7z4AAAAAAADgPgAAAOD+/88+AAAA4P//vz4AAADg/v+vPgAAAOD//58+AAAA"
          + "4P7/jz4AAADg//9/PgAAAOD+/28+AAAA4P//Xz4AAADg/v9PPgAAAOD9/z8+AAAAgAAAMD4A"
          + "AADg//8fPh4AAAAAAAAAAAAAAAQAAAAGAAAACAAAAAoAAAAMAAAADgAAABAAAAASAAAAFAAA"
          + "ABYAAAAYAAAAGgAAABwAAAAeAAAAIAAAACIAAAAkAAAAJgAAACgAAAAqAAAALAAAAC4AAAAw"
          + "AAAAMgAAADQAAAA2AAAAOAAAADoAAAA8AAAAAwAAAAAAAAAEAAAABAAAAAEAAAAEAAAAAAAA"
          + "AAAAAAAAAAAACgAAAAAAAAAUAAAAAAAAABgAAAAAAAAAGAAAAAAAAAABAAAAAgAAAP//////"
          + "////AQAAAP////8BAAAA/////wEAAAD/////AAAAAAIAAAD//////////wAAAAD/////AAAA"
          + "AP////8AAAAA/////wAAAAABAAAA//////////8BAAAAAwAAACgAAAAQAAAAAQAAAEl4RjIE"
          + "AAAAAwAAAAAAAAAAABAAAAAAAAAAEAAAAAAAAQEAAAAMAAAAAAAAAAAAgD8AAABAAABAQAAA"
          + "gEAAAKBAAADAQAAA4EAAAABBAAAQQQAAIEEAADBBAABAQQ==";

  @TempDir private Path folder;

  private static List<Row> read(byte[] bytes, ReadOptions options) throws IOException {
    try (VectorReader reader = VectorFiles.open(new ByteArrayInputStream(bytes), "v", options)) {
      return rest(reader);
    }
  }

  private static List<Row> rest(VectorReader reader) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Row row = reader.next(); row != null; row = reader.next()) {
      rows.add(row);
    }
    assertThat(reader.next()).isNull();
    return rows;
  }

  private static void assertExpected(List<Row> rows) {
    assertThat(rows).hasSize(3);
    assertThat(((Row.Vector) rows.get(0)).values()).containsExactly(1, 2, 3, 4);
    assertThat(((Row.Vector) rows.get(2)).values()).containsExactly(9, 10, 11, 12);
  }

  @ParameterizedTest
  @ValueSource(strings = {IP, L2, L1, ID_MAP, ID_MAP_2, HNSW})
  void readsIndexesOfFaiss(String base64) throws IOException {
    byte[] bytes = Base64.getDecoder().decode(base64);
    assertExpected(read(bytes, ReadOptions.defaults()));
    Path file = Files.write(folder.resolve("any.name"), bytes);
    try (VectorReader reader = VectorFiles.open(file, ReadOptions.builder().dimension(4).build())) {
      assertThat(reader.rows()).hasValue(3);
      assertExpected(rest(reader));
    }
    float[] scaled =
        ((Row.Vector) read(bytes, ReadOptions.builder().scale(2).build()).get(0)).values();
    assertThat(scaled).containsExactly(2, 4, 6, 8);
  }

  @ParameterizedTest
  @ValueSource(strings = {ID_MAP, ID_MAP_2})
  void keepsTheIdsOfFaiss(String base64) throws IOException {
    List<Row> rows = read(Base64.getDecoder().decode(base64), ReadOptions.defaults());
    assertThat(rows.stream().map(row -> row.place().id().orElseThrow()))
        .containsExactly("7", "-1", "1099511627776");
  }

  @ParameterizedTest
  @ValueSource(strings = {IP, L2, L1, ID_MAP, ID_MAP_2, HNSW})
  void aTruncatedIndexIsOneLine(String base64) throws IOException {
    byte[] bytes = Base64.getDecoder().decode(base64);
    for (int length = 4; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      try {
        List<Row> rows = read(cut, ReadOptions.defaults());
        assertThat(rows.get(rows.size() - 1)).isInstanceOf(Row.Malformed.class);
      } catch (VectorFileException e) {
        assertThat(e.getMessage()).startsWith("v: ").hasLineCount(1);
      }
    }
  }

  @Test
  void claimsOfAnIndexAreChecked() {
    for (int at : new int[] {4, 8, 15, 37, 44}) {
      byte[] bytes = Base64.getDecoder().decode(L2);
      bytes[at] = (byte) 0x7F;
      assertThatThrownBy(() -> read(bytes, ReadOptions.defaults()))
          .isInstanceOf(VectorFileException.class)
          .hasMessageContaining("claims");
    }
    byte[] other = Base64.getDecoder().decode(ID_MAP);
    other[37 + 3] = 'Q'; // of the index within
    assertThatThrownBy(() -> read(other, ReadOptions.defaults()))
        .hasMessageContaining("does not hold whole vectors; convert it in Python");
  }

  private static byte[] fvecs(int... dimensions) {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);
    for (int dimension : dimensions) {
      buffer.putInt(dimension);
      for (int i = 0; i < 8; i++) {
        buffer.putFloat(i + 0.5f);
      }
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  @Test
  void readsFvecs() throws IOException {
    byte[] bytes = fvecs(8, 8, 8);
    List<Row> rows = read(bytes, ReadOptions.builder().dimension(8).build());
    assertThat(rows).hasSize(3).hasOnlyElementsOfType(Row.Vector.class);
    assertThat(((Row.Vector) rows.get(2)).values())
        .containsExactly(0.5f, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f, 6.5f, 7.5f);
    Path file = Files.write(folder.resolve("base.fvecs"), bytes);
    try (VectorReader reader = VectorFiles.open(file, ReadOptions.defaults())) {
      assertThat(reader.rows()).hasValue(3);
      assertThat(rest(reader)).hasSize(3);
    }
    assertThat(read(bytes, ReadOptions.builder().format(Format.parse("fvecs")).build())).hasSize(3);
  }

  @Test
  void whatIsNoFvecsAnyMoreIsAnErrorBehindWhatIsRead() throws IOException {
    ReadOptions options = ReadOptions.builder().dimension(8).build();
    List<Row> rows = read(fvecs(8, 9, 8), options);
    assertThat(rows).hasSize(2);
    assertThat(((Row.Malformed) rows.get(1)).problem())
        .isEqualTo("vector 1 has dimension 9, those before it have 8: is it fvecs?");
    byte[] bytes = fvecs(8, 8);
    for (int length = bytes.length / 2 + 1; length < bytes.length; length++) {
      rows = read(Arrays.copyOf(bytes, length), options);
      assertThat(((Row.Malformed) rows.get(1)).problem()).isEqualTo("is truncated within vector 1");
    }
  }
}
