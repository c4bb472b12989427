package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerJsonTest {
  private static final String ADDED =
      """
      {"id": 0, "content": "[UNK]", "single_word": false, "lstrip": false, "rstrip": false,
       "normalized": false, "special": true}\
      """;
  private static final String TEMPLATE =
      """
      {"type": "TemplateProcessing",
       "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
         {"Sequence": {"id": "A", "type_id": 0}}],
       "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
       "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [1], "tokens": ["[CLS]"]}}}\
      """;
  private static final String WORD_PIECE =
      """
      {"version": "1.0", "truncation": {"max_length": 8}, "padding": null, "added_tokens": [%s],
       "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
         "strip_accents": null, "lowercase": true},
       "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": %s,
       "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
         "max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "[CLS]": 1, "a": 2, "##b": 3}}}\
      """
          .formatted(ADDED, TEMPLATE);
  private static final String UNIGRAM =
      """
      {"version": "1.0", "added_tokens": [], "normalizer": {"type": "Sequence", "normalizers":
         [{"type": "NFKC"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
       "pre_tokenizer": {"type": "Metaspace", "replacement": "\\u2581", "add_prefix_space": true,
         "prepend_scheme": "always", "split": true},
       "post_processor": null, "decoder": {"type": "Metaspace", "replacement": "\\u2581",
         "add_prefix_space": true},
       "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": false,
         "vocab": [["<unk>", 0.0], ["\\u2581a", -1.5], ["b", -2.25]]}}\
      """;
  private static final String BPE =
      """
      {"version": "1.0", "added_tokens": [], "normalizer": null,
       "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true},
       "post_processor": {"type": "RobertaProcessing", "sep": ["b", 1], "cls": ["a", 0],
         "trim_offsets": true, "add_prefix_space": false},
       "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true},
       "model": {"type": "BPE", "dropout": null, "unk_token": null, "fuse_unk": false,
         "vocab": {"a": 0, "b": 1, "ab": 2, "aba": 3}, "merges": ["a b", "ab a"]}}\
      """;

  /** A small one of each kind. */
  static final List<String> SMALL =
      List.of(
          WORD_PIECE,
          UNIGRAM,
          BPE,
          BPE.replace("[\"a b\", \"ab a\"]", "[[\"a\", \"b\"], [\"ab\", \"a\"]]"));

  static final String[] WORDS = {
    "\"decoder\":{",
    "\"type\"",
    "\"Unigram\"",
    "\"BPE\"",
    "\"unk_id\"",
    "\"Sequence\"",
    "\"B\"",
    "\"Precompiled\"",
    "\"SpecialToken\"",
    "\"Regex\"",
    "\"Strip\"",
    "\"vocab\"",
    "\"merges\""
  };

  @TempDir private Path folder;

  private static void read(String json) {
    TokenizerJson.read(json.getBytes(StandardCharsets.UTF_8), "t.json");
  }

  private static void assertRefused(String json, String message) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> read(json))
        .withMessageStartingWith("tokenizer t.json")
        .withMessageContaining(message);
  }

  @Test
  void whatIsRightPassesAndIsReadNatively() throws IOException {
    for (String json : SMALL) {
      read(json);
      Path file = folder.resolve("t.json");
      Files.writeString(file, json);
      try (HfTokenization tokenizer = HfTokenization.open(file)) {
        assertThat(tokenizer.encode(List.of("a ab \u00fc")).get(0)).isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "[CLS]", "type_id" | "[X]", "type_id" | expected one of the special_tokens
          "ids": [1] | "ids": [2] | expected the id of the piece
          "ids": [1] | "ids": [] | expected a list of 1
          "decoder": { | "decoder": {{ | is not valid JSON
          "BertPreTokenizer" | "Curious" | pre_tokenizer.type is "Curious"
          "a": 2 | "a": 3 | each id once
          "a": 2 | "a": -2 | expected a whole number
          "a": 2 | "": 2 | not empty
          "a": 2 | "\\ud800": 2 | half characters
          "unk_token": "[UNK]" | "unk_token": "?" | expected a piece of the vocabulary
          "lowercase": true | "lowercase": 1 | expected true or false
          "lowercase": true | "lowercase": true, "more": 1 | none of that name
          "WordPiece", "unk | "WordLevel", "unk | expected WordPiece, BPE or Unigram
          """)
  void whatIsWrongIsNamed(String right, String wrong, String message) {
    String changed = WORD_PIECE.replace(right, wrong);
    assertThat(changed).isNotEqualTo(WORD_PIECE);
    assertRefused(changed, message);
  }

  @Test
  void aTemplateForOneTextHasNoSecond() {
    int single = WORD_PIECE.indexOf("\"A\"");
    assertRefused(
        WORD_PIECE.substring(0, single) + "\"B\"" + WORD_PIECE.substring(single + 3), "expected A");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "3", "-1", "0.5", "\"0\""})
  void theUnknownPieceOfAUnigramIsOneOfIts(String id) {
    assertRefused(UNIGRAM.replace("\"unk_id\": 0", "\"unk_id\": " + id), "model.unk_id is " + id);
  }

  @Test
  void aUnigramHasFiniteScoresAndAMergeThreePieces() {
    assertRefused(UNIGRAM.replace("-2.25", "-1e999"), "expected a finite number");
    assertRefused(UNIGRAM.replace("\"unk_id\": 0, ", ""), "model.unk_id is missing");
    assertRefused(BPE.replace("\"a b\"", "\"b a\""), "that make a third");
    assertRefused(BPE.replace("\"a b\"", "\"ab\""), "two pieces and a blank");
    assertRefused(BPE.replace("\"ab a\"", "[\"ab\", \"a\"]"), "one way of writing all merges");
    assertRefused(BPE.replace("\"dropout\": null", "\"dropout\": 0.5"), "drawn at random");
  }

  @Test
  void aTableOfNormalisationsMustNotLeadOutside() {
    for (String table : List.of("", "!", "AAAA", "BAAAAP////8=", "BAAAAAAAAAA=")) {
      assertRefused(
          UNIGRAM.replace(
              "\"type\": \"NFKC\"",
              "\"type\": \"Precompiled\", \"precompiled_charsmap\": \"" + table + "\""),
          "precompiled_charsmap is");
    }
  }

  @Test
  void otherEncodingsAndTooMuchAreRefused() throws IOException {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(
            () -> TokenizerJson.read(WORD_PIECE.getBytes(StandardCharsets.UTF_16), "t.json"))
        .withMessage("tokenizer t.json is not in UTF-8");
    assertRefused("[".repeat(5000), "is not valid JSON");
    Path huge = folder.resolve("huge.json");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(2_200_000_000L);
    }
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> HfTokenization.open(huge))
        .withMessage("tokenizer huge.json has 2200000000 bytes, expected at most 67108864");
  }
}
