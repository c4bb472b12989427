package io.vec2text.sources;

import static io.vec2text.sources.Forms.expand;
import static io.vec2text.sources.Forms.space;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms in which tables come, in the shorthand of {@link Forms}. */
final class TableFormsTest {
  private static String read(byte[] bytes, ReadOptions options) throws IOException {
    return Forms.read("v.csv", bytes, options);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '§',
      value = {
        "@A ! A",
        "@A~@B ! A B",
        "@A~~@B~ ! A B",
        "@A~   ~@B ! A B",
        "@A,~@B, ! A B",
        "0.5;-0.25;0.125;1~-1;0.5;0.75;2 ! A B",
        "0.5|-0.25|0.125|1~-1|0.5|0.75|2 ! A B",
        "0.5\\t-0.25\\t0.125\\t1\\t~-1\\t0.5\\t0.75\\t2\\t ! A B",
        "0.5 -0.25 0.125 1~-1 0.5 0.75 2 ! A B",
        "  5.0e-01  -2.5e-01   1.25e-01 1.0e+00~ -1.0 0.5 0.75 2 ! A B",
        "0,5;-0,25;0,125;1~-1;0,5;0,75;2 ! A B",
        "0,5\\t-0,25\\t0,125\\t1~-1\\t0,5\\t0,75\\t2 ! A B",
        "\"0.5\",\"-0.25\",\"0.125\",\"1\"~@B ! A B",
        "\"0,5\",\"-0,25\",\"0,125\",\"1,0\" ! A",
        "# made by us~@A~# middle~@B ! A B",
        "+0.5, -.25 , 0.125,1.~@B ! A B",
        // Headers, and first rows that are none.
        "a,b,c,d~@A ! A",
        "0,1,2,3~@A~@B ! A B",
        "d0,d1,d2,d3~@A~@B ! A B",
        "dim 1,dim 2,dim 3,dim 4~@A ! A",
        "NA,NA,NA,NA~@A ! x A",
        "NA,1,2,3~@A ! x A",
        "null~@A~@B ! x A B",
        "nan,nan,nan,nan~@A ! d4 A",
        ",,,~@A~@B ! x A B",
        "ERROR: rate limit~@A~@B ! x A B",
        "Traceback (most recent call last):~@A~@B ! x A B",
        "timeout,1,1,1~@A ! x A",
        "x,1,1,1~@A ! x A",
        "@A~0.5,x,0.5,1~@B ! A x B",
        "@A~1,2,3~@B ! A d3 B",
        // Other columns.
        "a,@A~b,@B ! A:a B:b",
        "7,@A~8,@B ! A:7 B:8",
        "@A,cat~@B,dog ! A:cat B:dog",
        "@A,0~@B,1 ! A:0 B:1",
        "1,@A,x~2,@B,y ! A:1 B:2",
        "id,d0,d1,d2,d3~a,@A~b,@B ! A:a B:b",
        "d0,d1,d2,d3,label,id~@A,1,a~@B,1,b ! A:a B:b",
        ",0,1,2,3~0,@A~1,@B ! A:0 B:1",
        "price,e0,e1,e2,e3,year~9.5,@A,1999~8.5,@B,2001 ! A B",
        "d0,d1,d2,d3~r1,@A~r2,@B ! A:r1 B:r2",
        "id,d0,d1,d2,d3~a,@A~b,NA,1,1,1~c~d,@B ! A:a x:b x:c B:d",
        "the 0.5 -0.25 0.125 1~\" -1 0.5 0.75 2~, 0.1 0.2 0.3 -0.4 ! A:the B:\" C:,",
        "3 4~the 0.5 -0.25 0.125 1~of -1 0.5 0.75 2~a 0.1 0.2 0.3 -0.4 ! A:the B:of C:a",
        "the 0.5 -0.25 0.125 1~of -1 0.5 0.75 2~. . . 0.1 0.2 0.3 -0.4 ! A:the B:of C:. . .",
        "1 the_word 0.5 -0.25 0.125 1~2 other -1 0.5 0.75 2 ! A:1 B:2",
        // Lists in a cell.
        "1,[@A]~2,[@B] ! A:1 B:2",
        "1,\"[@A]\"~2,\"[@B]\" ! A:1 B:2",
        "1,\"{@A}\"~2,\"{@B}\" ! A:1 B:2",
        "1,{@A}~2,{@B} ! A:1 B:2",
        "\"{@A}\"~\"{@B}\" ! A B",
        "1\\t[@A]~2\\t\\N~3\\t[@B] ! A:1 x:2 B:3",
        "1;[@A]~2;[@B] ! A:1 B:2",
        "1|[@A]|x~2|[@B]|y ! A:1 B:2",
        "id,embedding~1,\"[0.5 -0.25~ 0.125 1.  ]\"~2,\"[-1. 0.5 0.75 2. ]\" ! A:1 B:2",
        "id,text,embedding~1,\"a, b\",\"[@A]\"~2,\"say \"\"hi\"\"\",\"[@B]\" ! A:1 B:2",
        "embedding~\"[@A]\"~\"[@B]\" ! A B",
        "embedding,id~\"[@A]\",x~,y~\"[@B]\",z ! A:x x:y B:z",
        "id,embedding~1,\"array([@A])\"~2,\"[@B]\" ! A:1 B:2",
        "id,embedding~1,\"[np.float32(0.5), np.float32(-0.25), np.float32(0.125),"
            + " np.float32(1.0)]\" ! A:1",
        "1,ERROR~2,\"[@B]\" ! x:1 B:2",
        "\"[@A]\"~\"[0.5,-0.25\"~\"[@B]\" ! A x B",
        "id,embedding~1,@h~2,@h ! A:1 A:2",
        "id,embedding~1,\\x@h ! A:1",
        "id,tags,embedding~1,\"[1,2]\",\"[@A]\" ! A:1",
      })
  void readsTables(String form, String expected) throws IOException {
    if (expected == null) {
      return;
    }
    String text = expand(form);
    assertThat(read(text.getBytes(UTF_8), space().build())).as(text).isEqualTo(expected);
    String crlf = "\uFEFF" + text.replace("\n", "\r\n") + "\r\n";
    assertThat(read(crlf.getBytes(UTF_8), space().build())).as(crlf).isEqualTo(expected);
    for (String charset : List.of("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
      byte[] wide = ("\uFEFF" + text).getBytes(Charset.forName(charset));
      assertThat(read(wide, space().build())).as(charset).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '§',
      value = {
        "~~~ ! only blank lines",
        "id,embedding ! holds a header and no vectors",
        "a,\"[@A]\",\"[@B]\"~b,\"[@A]\",\"[@B]\" ! several columns that could hold the vectors",
        "id,embedding~1,\"[0.5 -0.25 ... 0.125 1.0]\" ! shortened",
        "id,v~1,x~2,y ! has neither",
        "hello world ! line 1",
      })
  void refusesTablesInOneLine(String form, String saying) {
    String text = expand(form);
    assertThatExceptionOfType(VectorFileException.class)
        .as(text)
        .isThrownBy(() -> read(text.getBytes(UTF_8), space().build()))
        .withMessageContaining(saying)
        .withMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '§',
      value = {
        "id,a,b~1,\"[@A]\",\"[@B]\" ! b ! id ! B:1",
        "sku,p0,p1,p2,p3,q0,q1,q2,q3~s,@A,@B ! q ! sku ! B:s",
        "a,@A,x~b,@B,y ! 2-5 ! 6 ! A:x B:y",
        "a,\"[@A]\",\"[@B]\" ! 3 ! 1 ! B:a",
      })
  void readsTheColumnsThatAreAskedFor(String form, String field, String id, String expected)
      throws IOException {
    assertThat(read(expand(form).getBytes(UTF_8), space().vectorField(field).idField(id).build()))
        .isEqualTo(expected);
  }

  @Test
  void doesNotTakeShortVectorsForIds() throws IOException {
    assertThat(read("1,2\n3,4\n".getBytes(UTF_8), ReadOptions.builder().dimension(8).build()))
        .isEqualTo("d2 d2");
    assertThat(read("1\n3\n".getBytes(UTF_8), ReadOptions.builder().dimension(8).build()))
        .isEqualTo("d1 d1");
  }

  @Test
  void saysWhatItSkippedAndWhereRowsStand() throws IOException {
    byte[] bytes =
        expand("# c~id,embedding~~1,\"[0.5~-0.25 0.125 1]\"~2,\"[@B]\"~").getBytes(UTF_8);
    try (VectorReader reader =
        VectorFiles.open(new ByteArrayInputStream(bytes), "v.csv", space().build())) {
      assertThat(reader.description())
          .isEqualTo("vectors from column `embedding`, ids from column `id`, line 2 is a header");
      assertThat(reader.next().place()).isEqualTo(Place.line(4).withId("1"));
      assertThat(reader.next().place()).isEqualTo(Place.line(6).withId("2"));
      assertThat(reader.next()).isNull();
      assertThat(reader.skippedLines()).isEqualTo(2);
    }
  }

  @Test
  void readsTextOfAnOldEncoding() throws IOException {
    byte[] bytes = expand("id,d0,d1,d2,d3~Käse,@A").getBytes(Charset.forName("windows-1252"));
    assertThat(read(bytes, space().build())).isEqualTo("A:Käse");
  }
}
