package io.vec2text.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonMetadataTest {

  private static List<String> read(String json, String... fields) throws IOException {
    ReadOptions options = ReadOptions.builder().dimension(2).metadata(List.of(fields)).build();
    List<String> rows = new ArrayList<>();
    InputStream in = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
    try (VectorReader reader = VectorFiles.open(in, "x", options)) {
      for (Row row = reader.next(); row != null; row = reader.next()) {
        rows.add(
            row.place().id().orElse("-")
                + (row instanceof Row.Vector vector
                    ? vector.values()[0] + " " + vector.metadata()
                    : " malformed"));
      }
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        // Before the vector, behind it, behind the id, in an array.
        "{'t':'x','id':'a','e':[1,2]}~{'id':'b','e':[2,2],'t':7} | a1.0 {t=x};b2.0 {t=7}",
        "{'e':[1,2],'t':'x','id':'a'}~{'e':[2,2],'id':'b','t':true} | a1.0 {t=x};b2.0 {t=true}",
        "[{'id':'a','e':[1,2],'t':'x'},{'id':'b','e':[2,2],'t':'y'}] | a1.0 {t=x};b2.0 {t=y}",
        "{'data':[{'e':[1,2],'t':'x'},{'t':'y','e':[2,2]}]} | -1.0 {t=x};-2.0 {t=y}",
        // None, or no text.
        "{'id':'a','e':[1,2]}~{'id':'b','e':[2,2],'t':null} | a1.0 {};b2.0 {}",
        "{'id':'a','t':['x'],'e':[1,2]}~{'id':'b','t':'y','e':[2,2]} | a1.0 {};b2.0 {t=y}",
        // A row without a vector, or that ends too early, keeps its fields for itself.
        "{'id':'a','e':[1,2]}~{'t':'x','id':'n'}~{'id':'b','e':[2,2]} | a1.0 {};n malformed;b2.0"
            + " {}",
        "{'id':'a','e':[1,2]}~{'t':'x','e':[1,~{'id':'b','e':[2,2]} | a1.0 {};- malformed;b2.0 {}",
        "{'id':'a','e':[1,2],'t':'x'}~[2,2]~{'id':'b','e':[3,2]} | a1.0 {t=x};-2.0 {};b3.0 {}"
      })
  void fieldsComeAlongWhereverTheyStand(String json, String rows) throws IOException {
    assertThat(read(json.replace('\'', '"').replace('~', '\n'), "t"))
        .containsExactly(rows.split(";"));
  }

  @Test
  void dotsGoIntoObjects() throws IOException {
    String json = "{\"e\":[1,2],\"m\":{\"z\":[1],\"t\":{\"u\":\"x\",\"v\":1}},\"t\":2}\n";
    assertThat(read(json + json, "m.t.u")).containsOnly("-1.0 {m.t.u=x}");
    assertThat(read(json + json, "m")).containsOnly("-1.0 {}");
  }

  @Test
  void otherFilesHaveNone() {
    assertThatThrownBy(() -> read("1,2\n3,4\n", "t"))
        .isInstanceOf(VectorFileException.class)
        .hasMessage("x: is csv, the field `t` can be read of JSON and of stores");
  }
}
