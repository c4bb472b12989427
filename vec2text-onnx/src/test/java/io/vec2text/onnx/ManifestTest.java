package io.vec2text.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.vec2text.EmbeddingSpace;
import io.vec2text.EmbeddingSpace.Pooling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final String HASH = "0123456789abcdef".repeat(4);

  /** A manifest with everything. */
  private static final String FULL =
      """
      {
        "format": 1,
        "name": "small",
        "licence": "Apache-2.0",
        "space": {"modelId": "org/small", "variant": "fp32", "dimension": 8, "pooling": "cls",
          "normalized": true, "prefix": "query: ", "tokenLimit": 64},
        "embedder": {"graph": "e.onnx", "tokenizer": "t.json", "inputs": ["input_ids"], "output": "h",
          "dynamicallyQuantized": true},
        "files": {
          "e.onnx": {"sha256": "HASH", "bytes": 5000000000, "source": "classpath"},
          "t.json": {"sha256": "HASH", "bytes": 2, "source": "package"},
          "step.onnx": {"sha256": "HASH", "bytes": 3, "source": "package"}
        },
        "graphs": {
          "step": {"file": "step.onnx",
            "inputs": {"ids": {"type": "int64", "shape": ["rows", "past + 1"]}},
            "outputs": {"scores": {"type": "float32", "shape": ["rows", 64]}}}
        },
        "tokens": {"cls": 1, "sep": 2, "pad": 0, "firstWord": 5, "vocabulary": 100},
        "range": {"minTokens": 4, "maxTokens": 32, "maxDecode": 40},
        "lengthClasses": [8, 16, 32],
        "decoder": {"layers": 2, "heads": 4, "headWidth": 16},
        "training": {"seed": 17, "corpora": ["a", "b"]}
      }
      """
          .replace("HASH", HASH);

  private static Manifest read(String json) {
    return Manifest.read(json.getBytes(UTF_8), "m/manifest.json");
  }

  private static void assertRefused(String json, String... words) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> read(json))
        .withMessageStartingWith("m/manifest.json")
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  @Test
  void readsEveryField() {
    Manifest manifest = read(FULL);

    assertThat(manifest.name()).isEqualTo("small");
    assertThat(manifest.licence()).isEqualTo("Apache-2.0");
    assertThat(manifest.space())
        .isEqualTo(new EmbeddingSpace("org/small", "fp32", 8, Pooling.CLS, true, "query: ", 64));
    assertThat(manifest.embedder())
        .isEqualTo(
            new Manifest.Embedder("e.onnx", "t.json", ImmutableList.of("input_ids"), "h", true));
    assertThat(manifest.files())
        .containsEntry("e.onnx", new Manifest.File(HASH, 5_000_000_000L, true))
        .containsEntry("t.json", new Manifest.File(HASH, 2, false))
        .hasSize(3);
    Manifest.Inversion inversion = manifest.inversion();
    Manifest.Graph step = inversion.graph("step");
    assertThat(step.file()).isEqualTo("step.onnx");
    assertThat(step.inputs().get("ids"))
        .isEqualTo(new Manifest.Tensor("int64", ImmutableList.of("rows", "past + 1")));
    assertThat(step.outputs().get("scores")).hasToString("float32 [rows, 64]");
    assertThat(inversion.tokens()).isEqualTo(new Manifest.Tokens(1, 2, 0, 5, 100));
    assertThat(inversion.range()).isEqualTo(new Manifest.Range(4, 32, 40));
    assertThat(inversion.lengthClasses()).isEqualTo(ImmutableIntArray.of(8, 16, 32));
    assertThat(inversion.decoder()).isEqualTo(new Manifest.Decoder(2, 4, 16));
    assertThat(manifest.training()).containsEntry("seed", 17).hasSize(2);
  }

  @Test
  void namesTheGraphThatIsMissing() {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> read(FULL).inversion().graph("bag"))
        .withMessage("manifest.json has no graph bag; its graphs are [step]");
  }

  @Test
  void anEmbedderIsNotDynamicallyQuantizedUnlessItSaysSo() {
    String silent = FULL.replaceAll(",\\s*\"dynamicallyQuantized\": true", "");

    assertThat(silent).isNotEqualTo(FULL);
    assertThat(read(silent).embedder().dynamicallyQuantized()).isFalse();
  }

  @Test
  void aPackageMayHaveNoGraphs() {
    assertThat(read(FULL.replaceAll("(?s)\"step\": .*?}}}\n", "")).inversion()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"format\": 1, | '' | format is missing",
        "\"format\": 1 | \"format\": 2 | has format 2, expected 1",
        "\"format\": 1 | \"format\": \"1\" | format is string \"1\", expected a whole number",
        "\"name\": \"small\" | \"name\": 3 | name is number 3, expected a string",
        "\"dimension\": 8 | \"dimension\": 0 | space.dimension is number 0, expected a whole number"
            + " from 1",
        "\"dimension\": 8 | \"dimension\": 8.5 | space.dimension is number 8.5",
        "\"dimension\": 8 | \"dimension\": 99999999999999999999 | space.dimension is number 9999",
        "\"cls\", | \"max\", | space.pooling is \"max\", expected mean, cls or unknown",
        "\"normalized\": true | \"normalized\": 1 | space.normalized is number 1, expected true or"
            + " false",
        "[\"input_ids\"] | [1] | embedder.inputs is number 1, expected names of tensors",
        "[\"input_ids\"] | \"input_ids\" | embedder.inputs is string \"input_ids\", expected a"
            + " list",
        "\"dynamicallyQuantized\": true | \"dynamicallyQuantized\": \"yes\" |"
            + " embedder.dynamicallyQuantized is string \"yes\", expected true or false",
        "\"graph\": \"e.onnx\" | \"graph\": \"f.onnx\" | embedder.graph is \"f.onnx\", expected one"
            + " of the files",
        "\"bytes\": 2 | \"bytes\": -2 | files.t.json.bytes is number -2",
        "\"source\": \"classpath\" | \"source\": \"network\" | files.e.onnx.source is \"network\","
            + " expected package or classpath",
        "0123456789abcdef\", | 0123456789ABCDEF\", | files.e.onnx.sha256 is",
        "\"int64\" | \"long\" | graphs.step.inputs.ids.type is \"long\", expected one of [bfloat16,"
            + " bool",
        "\"rows\", 64 | \"rows\", -1 | graphs.step.outputs.scores.shape is number -1",
        "\"cls\": 1, | '' | tokens.cls is missing",
        "\"sep\": 2 | \"sep\": 100 | tokens.sep is number 100, expected a whole number from 0 to"
            + " 99",
        "\"maxTokens\": 32 | \"maxTokens\": 3 | range.maxTokens is number 3, expected a whole"
            + " number from 4",
        "[8, 16, 32] | [8, 8] | lengthClasses is number 8, expected rising whole numbers",
        "\"decoder\" | \"dekoder\" | decoder is missing, expected an object",
      })
  void namesFieldFoundAndExpected(String valid, String broken, String message) {
    assertThat(FULL).contains(valid);

    assertRefused(FULL.replace(valid, broken), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../t.json",
        "a/t.json",
        "a\\\\t.json",
        "/t.json",
        "..",
        ".t",
        "",
        "manifest.json",
        "C:t",
        "t\\u0000"
      })
  void onlyPlainFileNamesAreAllowed(String name) {
    assertRefused(FULL.replace("\"t.json\"", "\"" + name + "\""), "expected a plain file name");
  }

  @Test
  void whatIsCutShortIsNoManifest() {
    for (int end = 0; end < FULL.length() - 2; end += 7) {
      assertRefused(FULL.substring(0, end), "m/manifest.json");
    }
  }

  @Test
  void trailingAndDoubleFieldsAreRefused() {
    assertRefused(FULL + "{}", "not valid JSON");
    assertRefused(FULL.replace("\"name\"", "\"format\""), "Duplicate field 'format'");
    assertRefused("[]", "holds array [], expected an object");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "float32 | rows,8 | float32 | ?,8    | true",
        "float32 | rows,8 | float32 | 1,8    | true",
        "float32 | rows,8 | float32 | ?,?    | true",
        "float32 | rows,8 | float32 | ?,9    | false",
        "float32 | rows,8 | float32 | ?      | false",
        "float32 | rows,8 | float16 | ?,8    | false",
      })
  void aTensorIsAcceptedIfTypeAndFixedSizesAgree(
      String type, String shape, String foundType, String foundShape, boolean accepted) {
    Manifest.Tensor expected = new Manifest.Tensor(type, ImmutableList.copyOf(shape.split(",")));

    assertThat(
            expected.accepts(
                new Manifest.Tensor(foundType, ImmutableList.copyOf(foundShape.split(",")))))
        .isEqualTo(accepted);
  }
}
