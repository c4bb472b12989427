package io.vec2text.sources;

import static io.vec2text.sources.Forms.expand;
import static io.vec2text.sources.Forms.read;
import static io.vec2text.sources.Forms.space;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms in which JSON comes, in the shorthand of {@link Forms}. */
final class JsonFormsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        // Bare, in any nesting, with anything around.
        "[@A] | A",
        "[@A]~[@B] | A B",
        "[@A][@B] | A B",
        "[@A] [@B]~[@C] | A B C",
        "[[@A],[@B]] | A B",
        "[[[@A],[@B]],[[@C]]] | A B C",
        "[~[@A],~[@B]~] | A B",
        "[[@A]]~[[@B]] | A B",
        "[[@A],[@B]]~[[@C]] | A B C",
        "{'embedding':[@A]} | A",
        "[@A,]~[@B] | A B",
        "[+0.5,-.25,0.125,1.]~[@B] | A B",
        // What is no vector keeps its place.
        "[@A]~~null~[@B] | A x B",
        "null~[@A]~[@B] | x A B",
        "ERROR: rate limit~[@A]~[@B] | x A B",
        "[@A]~[0.5,~[@B] | A x B",
        "[@A]~[]~[@B] | A x B",
        "[@A]~[..5,1,2,3]~[@B] | A x B",
        "[@A]~[.,1,2,3]~[@B] | A x B",
        "[[@A],null,[@B]] | A x B",
        "[[@A],[],[@B]] | A x B",
        "[[@A],[1,2],[@B]] | A d2 B",
        "[@A]~[0.5,-0.25,null,1]~[@B] | A x B",
        "[@A]~[0.5,-0.25,`x`,1]~[@B] | A x B",
        "{`id`:1,`embedding`:null}~{`id`:2,`embedding`:[@A]} | x:1 A:2",
        "{`id`:1}~{`id`:2,`embedding`:[@A]} | x:1 A:2",
        "{`id`:1,`embedding`:`n/a`}~{`id`:2,`embedding`:[@A]} | x:1 A:2",
        "{`id`:1,`embedding`:{}}~{`id`:2,`embedding`:[@A]} | x:1 A:2",
        "{`id`:1,`embedding`:7}~{`id`:2,`embedding`:[@A]} | x:1 A:2",
        "{`data`:[{`embedding`:[@A]},{},null,{`embedding`:[@B]}]} | A x x B",
        // Fields of any name and depth; those of other lengths do not count.
        "{`x`:{`y`:[{`z`:[@A]},{`z`:[@B]}]}} | A B",
        "{`embedding`:[@s],`features`:[@A]} | A",
        "{`vector`:[1,2,3],`mine`:[@A]}~{`vector`:[4,5,6],`mine`:[@B]} | A B",
        "{`input_ids`:[1,2,3,4],`embedding`:[@A]} | A",
        "{`text`:`[1, 2]`,`embedding`:[@A]} | A",
        // Ids by name, before and after.
        "{`_id`:`a`,`v`:[@A]}~{`v`:[@B],`_id`:`b`} | A:a B:b",
        "{`v`:[@A],`uuid`:`u`,`text`:`t`} | A:u",
        "[{`docId`:`p`,`vec`:[@A]},{`docId`:`q`,`vec`:[@B]}] | A:p B:q",
        "[{`key`:1,`v`:[@A]},{`v`:[@B]},{`key`:3,`v`:[@C]}] | A:1 B C:3",
        "{`ids`:[`a`,`b`],`embeddings`:[[@A],[@B]],`documents`:null} | A:a B:b",
        "{`embeddings`:[[@A],[@B]],`documents`:[`x`,`y`],`ids`:[`a`,`b`]} | A:a B:b",
        "{`embeddings`:[[@A],null,[@B]],`ids`:[`a`,`b`,`c`]} | A:a x:b B:c",
        "{`ids`:[[`a`,`b`],[`c`]],`embeddings`:[[[@A],[@B]],[[@C]]]} | A:a B:b C:c",
        "{`ids`:[`a`],`embeddings`:[[@A]]}~{`ids`:[`b`,`c`],`embeddings`:[[@B],[@C]]} | A:a B:b"
            + " C:c",
        "{`ids`:[1,2],`embeddings`:[[@A],[@B]]} | A:1 B:2",
        "{`a`:[@A],`b`:[@B]} | A:a B:b",
        "{`a`:[@A],`b`:null,`c`:[@C]} | A:a x:b C:c",
        "{`a`:[@A],`b`:[1,2],`c`:[@C]} | A:a d2:b C:c",
        "{`docs`:{`a`:{`e`:[@A],`t`:1},`b`:{`e`:[@B],`t`:2}}} | A:a B:b",
        "{`embedding`:{`0`:[@A],`1`:[@B]},`text`:{`0`:`x`,`1`:`y`}} | A:0 B:1",
        "{`p`:[@A]}~{`q`:[@B]} | A:p B:q",
        // Stores.
        "{`result`:{`points`:[{`id`:7,`version`:1,`payload`:{},`vector`:[@A]}]}} | A:7",
        "{`id`:1,`vector`:{`dense`:[@A],`sparse`:{`indices`:[1],`values`:[2]}}} | A:1",
        "{`namespace`:``,`vectors`:{`x`:{`id`:`x`,`values`:[@A],`metadata`:{}}}} | A:x",
        "{`matches`:[{`id`:`m`,`score`:0.5,`values`:[@A]},{`id`:`n`,`values`:[@B]}]} | A:m B:n",
        "{`data`:{`Get`:{`Doc`:[{`_additional`:{`id`:`w`,`vector`:[@A]},`t`:`x`}]}}} | A:w",
        "{`objects`:[{`class`:`D`,`id`:`w`,`vectors`:{`default`:[@A]}}]} | A:w",
        "[{`pk`:5,`text`:`x`,`vector`:[@A]},{`pk`:6,`text`:`y`,`vector`:[@B]}] | A:5 B:6",
        "{`hits`:{`hits`:[{`_id`:`e`,`_source`:{`t`:`x`,`v`:[@A]}}]}} | A:e",
        "{`index`:{`_index`:`i`,`_id`:`e`}}~{`v`:[@A]}~{`index`:{`_id`:`f`}}~{`v`:[@B]} | A:e B:f",
        "{`create`:{`_index`:`i`}}~{`id`:1,`v`:[@A]}~{`create`:{`_index`:`i`}}~{`id`:2} | A:1 x:2",
        "{`_id`:{`$oid`:`m`},`embedding`:[{`$numberDouble`:`0.5`},{`$numberDouble`:`-0.25`},"
            + "{`$numberDouble`:`0.125`},{`$numberInt`:`1`}]} | A:m",
        "{`e`:{`L`:[{`N`:`0.5`},{`N`:`-0.25`},{`N`:`0.125`},{`N`:`1`}]},`id`:{`S`:`d`}} | A:d",
        "{`object`:`list`,`data`:[{`object`:`embedding`,`index`:0,`embedding`:`@a`},"
            + "{`object`:`embedding`,`index`:1,`embedding`:`@b`}],`model`:`m`} | A:0 B:1",
        "{`custom_id`:`r`,`response`:{`body`:{`data`:[{`index`:0,`embedding`:[@A]}]}}}~"
            + "{`custom_id`:`s`,`response`:null,`error`:{`code`:1}}~"
            + "{`custom_id`:`t`,`response`:{`body`:{`data`:[{`index`:0,`embedding`:[@B]}]}}}"
            + " | A:r x:s B:t",
        "{`embeddings`:[[@A],[@B]],`model`:`m`} | A B",
        "{`embeddings`:{`float`:[[@A],[@B]]},`id`:`r`} | A:r B:r",
        "{`entries`:[{`id`:`l`,`embedding`:{`vector`:[@A]},`embedded`:{`text`:`x`}}]} | A:l",
        "{`k`:{`id`:`k`,`text`:`x`,`metadata`:{},`embedding`:[@A]}} | A:k",
        "{`result`:[{`id`:1,`vector`:{``:[@A]}},{`id`:2,`vector`:{``:[@B]}}]} | A:1 B:2",
        "{`embedding_dict`:{`n`:[@A],`m`:[@B]},`metadata_dict`:{},`x`:{`n`:`d`}} | A:n B:m",
        // Other spellings of a vector.
        "{`id`:1,`v`:`@a`}~{`id`:2,`v`:`@b`} | A:1 B:2",
        "`@a`~`@b` | A B",
        "{`v`:`[@A]`}~{`v`:`[@B]`} | A B",
        "{`v`:`@A`}~{`v`:`@B`} | A B",
        "{`v`:`0.5 -0.25 0.125 1.0`} | A",
        "{`v`:`array([0.5, -0.25, 0.125, 1.], dtype=float32)`} | A",
        "{`v`:[`0.5`,`-0.25`,`0.125`,`1.0`]} | A",
        "{`v`:{`0`:0.5,`1`:-0.25,`2`:0.125,`3`:1}} | A",
        "{`id`:3,`d0`:0.5,`d1`:-0.25,`d2`:0.125,`d3`:1} | A:3",
        "[{`id`:3,`v_1`:0.5,`v_2`:-0.25,`v_3`:0.125,`v_4`:1}] | A:3",
        "{`v`:`0000003f000080be0000003e0000803f`} | A",
        "{`v`:`\\\\x0000003f000080be0000003e0000803f`} | A",
        "[[`a`,[@A]],[`b`,[@B]]] | A:a B:b",
        "{`columns`:[`t`,`e`],`index`:[0,1],`data`:[[`x`,[@A]],[`y`,[@B]]]} | A:x B:y",
        "{`columns`:[`id`,`0`,`1`,`2`,`3`],`data`:[[8,@A],[9,@B]]} | A:8 B:9",
        "[`a`,@A]~[`b`,@B] | A:a B:b",
      })
  void readsJson(String form, String expected) throws IOException {
    String text = expand(form.replace('`', '"'));
    for (String name : List.of("v.json", "v.jsonl", "-", "v.csv")) {
      assertThat(read(name, text.getBytes(UTF_8), space().build())).as(text).isEqualTo(expected);
    }
    String crlf = "\uFEFF" + text.replace("\n", "\r\n") + "\r\n";
    assertThat(read("-", crlf.getBytes(UTF_8), space().build())).as(crlf).isEqualTo(expected);
    byte[] utf16 = ("\uFEFF" + text).getBytes(java.nio.charset.StandardCharsets.UTF_16LE);
    assertThat(read("-", utf16, space().build())).as("UTF-16").isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "{`embedding`:[@A],`vector`:[@B]} | `embedding`, `vector`",
        "{`vector`:{`a`:[@A],`b`:[@B]},`id`:1} | `vector.a`, `vector.b`",
        "{`vector`:{`a`:[@A],`b`:[@B]},`id`:1}~{`vector`:{`a`:[@A],`b`:[@B]},`id`:2}"
            + " | `vector.a`, `vector.b`",
        "{`title_embedding`:[@A],`body_embedding`:[@B],`id`:1} | `title_embedding`",
        "{`p`:[@A],`q`:[@B],`n`:1} | `p`, `q`",
        "{`text`:`x`,`title`:`y`} | found objects with `text`, `title`",
        "{`id`:1,`text`:`x`}~{`id`:2,`text`:`y`} | holds no array of 4 numbers",
        "{`a`: | line 1: not JSON",
        "{`a`:tru} | line 1: not JSON",
        "[[1,2],[3,,4]] | line 1: not JSON",
      })
  void refusesJsonInOneLine(String form, String expected) {
    String text = expand(form.replace('`', '"'));
    String saying = expected.replace('\'', '`');
    assertThatExceptionOfType(VectorFileException.class)
        .as(text)
        .isThrownBy(() -> read("v.json", text.getBytes(UTF_8), space().build()))
        .withMessageContaining(saying)
        .withMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "title | {`vector`:{`text`:[@A],`title`:[@B]},`id`:1} | B:1",
        "vector.text | {`vector`:{`text`:[@A],`title`:[@B]},`id`:1} | A:1",
        "b | {`a`:[@A],`b`:[@B]}~{`a`:[@A],`b`:null} | B x",
        "b | {`a`:[@A],`b`:[@s]} | d2",
        "train.e | {`train`:[{`e`:[@A]}],`test`:[{`e`:[@B]}],`n`:1} | A",
      })
  void readsTheFieldThatIsAskedFor(String field, String form, String expected) throws IOException {
    String text = expand(form.replace('`', '"'));
    assertThat(read("v.json", text.getBytes(UTF_8), space().vectorField(field).build()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "name | {`id`:1,`name`:`n`,`v`:[@A]} | A:n",
        "meta.doc | {`id`:1,`meta`:{`doc`:`m`},`v`:[@A]} | A:m",
        "doc | {`v`:[@A],`meta`:{`x`:{`doc`:`m`}}}~{`v`:[@B]} | A:m B",
        "sku | {`sku`:[`a`,`b`],`e`:[[@A],[@B]]} | A:a B:b",
      })
  void readsTheIdThatIsAskedFor(String field, String form, String expected) throws IOException {
    String text = expand(form.replace('`', '"'));
    assertThat(read("v.json", text.getBytes(UTF_8), space().idField(field).build()))
        .isEqualTo(expected);
  }
}
