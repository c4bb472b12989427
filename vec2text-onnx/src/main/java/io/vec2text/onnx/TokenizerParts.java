package io.vec2text.onnx;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Checks what a tokenizer is made of besides its model: what is done to a text before and after, by
 * type and with the fields of each.
 */
final class TokenizerParts {
  private static final int MAX_DEPTH = 4;
  private static final int MAX_PARTS = 32;
  private static final int MAX_PATTERN = 1000;

  private static final String[] BEHAVIOURS = {
    "Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"
  };

  private static final Consumer<TokenizerField> BOOL = TokenizerField::bool;
  private static final Consumer<TokenizerField> MAYBE_BOOL = TokenizerField::optionalBool;
  private static final Consumer<TokenizerField> TEXT = TokenizerField::text;
  private static final Consumer<TokenizerField> CHARACTER = TokenizerField::character;
  private static final Map<String, Consumer<TokenizerField>> BYTE_LEVEL =
      Map.of("add_prefix_space", BOOL, "trim_offsets", BOOL, "use_regex", MAYBE_BOOL);
  private static final Map<String, Consumer<TokenizerField>> METASPACE =
      Map.of(
          "replacement",
          CHARACTER,
          "add_prefix_space",
          MAYBE_BOOL,
          "prepend_scheme",
          TokenizerParts::scheme,
          "split",
          MAYBE_BOOL,
          "str_rep",
          TokenizerField::optionalText);
  private static final Map<String, Consumer<TokenizerField>> REPLACE =
      Map.of("pattern", TokenizerParts::pattern, "content", TEXT);

  private static final Map<String, Map<String, Consumer<TokenizerField>>> NORMALIZERS =
      ImmutableMap.<String, Map<String, Consumer<TokenizerField>>>builder()
          .put(
              "BertNormalizer",
              Map.of(
                  "clean_text",
                  BOOL,
                  "handle_chinese_chars",
                  BOOL,
                  "strip_accents",
                  MAYBE_BOOL,
                  "lowercase",
                  BOOL))
          .put("Strip", Map.of("strip_left", BOOL, "strip_right", BOOL))
          .put("StripAccents", Map.of())
          .put("NFC", Map.of())
          .put("NFD", Map.of())
          .put("NFKC", Map.of())
          .put("NFKD", Map.of())
          .put("Nmt", Map.of())
          .put("Lowercase", Map.of())
          .put("Prepend", Map.of("prepend", TEXT))
          .put("Replace", REPLACE)
          .put("Precompiled", Map.of("precompiled_charsmap", Charsmap::check))
          .buildOrThrow();

  private static final Map<String, Map<String, Consumer<TokenizerField>>> PRE_TOKENIZERS =
      ImmutableMap.<String, Map<String, Consumer<TokenizerField>>>builder()
          .put("BertPreTokenizer", Map.of())
          .put("Whitespace", Map.of())
          .put("WhitespaceSplit", Map.of())
          .put("UnicodeScripts", Map.of())
          .put("ByteLevel", BYTE_LEVEL)
          .put("Metaspace", METASPACE)
          .put("Punctuation", Map.of("behavior", TokenizerParts::behaviour))
          .put("Digits", Map.of("individual_digits", BOOL))
          .put("CharDelimiterSplit", Map.of("delimiter", CHARACTER))
          .put(
              "Split",
              Map.of(
                  "pattern",
                  TokenizerParts::pattern,
                  "behavior",
                  TokenizerParts::behaviour,
                  "invert",
                  BOOL))
          .buildOrThrow();

  private static final Map<String, Map<String, Consumer<TokenizerField>>> DECODERS =
      ImmutableMap.<String, Map<String, Consumer<TokenizerField>>>builder()
          .put("ByteLevel", BYTE_LEVEL)
          .put("WordPiece", Map.of("prefix", TEXT, "cleanup", BOOL))
          .put("Metaspace", METASPACE)
          .put("BPEDecoder", Map.of("suffix", TEXT))
          .put("ByteFallback", Map.of())
          .put("Fuse", Map.of())
          .put(
              "Strip",
              Map.of(
                  "content",
                  CHARACTER,
                  "start",
                  TokenizerParts::count,
                  "stop",
                  TokenizerParts::count))
          .put("Replace", REPLACE)
          .buildOrThrow();

  private final Map<String, Integer> ids;
  private final Map<String, Map<String, Consumer<TokenizerField>>> postProcessors;
  private int parts;

  /** Checks by the ids of all pieces, the added ones included. */
  TokenizerParts(Map<String, Integer> ids) {
    this.ids = ids;
    Map<String, Consumer<TokenizerField>> roberta =
        Map.of(
            "sep", this::token, "cls", this::token, "trim_offsets", BOOL, "add_prefix_space", BOOL);
    postProcessors =
        Map.of(
            "BertProcessing",
            Map.of("sep", this::token, "cls", this::token),
            "RobertaProcessing",
            roberta,
            "ByteLevel",
            BYTE_LEVEL,
            "TemplateProcessing",
            Map.of("single", f -> {}, "pair", f -> {}, "special_tokens", f -> {}));
  }

  /** Checks all parts of a tokenizer. */
  void check(TokenizerField root) {
    part(root.get("normalizer"), NORMALIZERS, "normalizers", 0);
    part(root.get("pre_tokenizer"), PRE_TOKENIZERS, "pretokenizers", 0);
    part(root.get("post_processor"), postProcessors, "processors", 0);
    part(root.get("decoder"), DECODERS, "decoders", 0);
  }

  private void part(
      TokenizerField part,
      Map<String, Map<String, Consumer<TokenizerField>>> types,
      String list,
      int depth) {
    if (part.isNull() && depth == 0) {
      return;
    }
    part.object();
    if (depth > MAX_DEPTH || ++parts > MAX_PARTS) {
      throw part.wrong("fewer parts in parts");
    }
    TokenizerField type = part.get("type");
    if (type.text().equals("Sequence")) {
      part.only("type", list);
      part.get(list).items().forEach(p -> part(p, types, list, depth + 1));
      return;
    }
    Map<String, Consumer<TokenizerField>> fields = types.get(type.text());
    if (fields == null) {
      throw type.wrong("one of " + types.keySet());
    }
    part.only(
        ImmutableMap.builder().put("type", type).putAll(fields).buildOrThrow().keySet().stream()
            .map(Object::toString)
            .toArray(String[]::new));
    fields.forEach((name, check) -> check.accept(part.get(name)));
    if (type.text().equals("TemplateProcessing")) {
      template(part);
    }
  }

  private static void count(TokenizerField field) {
    int unused = field.integer(0, MAX_PATTERN);
  }

  private static void behaviour(TokenizerField field) {
    String unused = field.oneOf(BEHAVIOURS);
  }

  private static void scheme(TokenizerField field) {
    String unused = field.isNull() ? "" : field.oneOf("always", "never", "first");
  }

  private static void pattern(TokenizerField pattern) {
    pattern.only("String", "Regex");
    List<String> kinds = pattern.node().properties().stream().map(Map.Entry::getKey).toList();
    if (kinds.size() != 1) {
      throw pattern.wrong("a String or a Regex");
    }
    TokenizerField text = pattern.get(kinds.get(0));
    if (text.text().isEmpty() || text.text().length() > MAX_PATTERN) {
      throw text.wrong("1 to " + MAX_PATTERN + " characters");
    }
  }

  /** A piece and its id. */
  private void token(TokenizerField token) {
    List<TokenizerField> pair = token.items(2, 2);
    id(pair.get(0).text(), pair.get(1));
  }

  private void id(String piece, TokenizerField id) {
    Integer known = ids.get(piece);
    if (known == null || id.integer(0, Integer.MAX_VALUE) != known) {
      throw id.wrong("the id of the piece \"" + piece + "\", " + (known == null ? "none" : known));
    }
  }

  private void template(TokenizerField part) {
    TokenizerField declared = part.get("special_tokens");
    declared.object();
    declared
        .node()
        .properties()
        .forEach(
            entry -> {
              TokenizerField token = declared.get(entry.getKey());
              token.only("id", "ids", "tokens");
              token.get("id").oneOf(entry.getKey());
              List<TokenizerField> pieces = token.get("tokens").items(1, MAX_PARTS);
              List<TokenizerField> numbers = token.get("ids").items(pieces.size(), pieces.size());
              for (int i = 0; i < pieces.size(); i++) {
                id(pieces.get(i).text(), numbers.get(i));
              }
            });
    template(part.get("single"), declared, "A");
    template(part.get("pair"), declared, "A", "B");
  }

  private static void template(
      TokenizerField pieces, TokenizerField declared, String... sequences) {
    for (TokenizerField piece : pieces.items(1, MAX_PARTS)) {
      piece.only("SpecialToken", "Sequence");
      TokenizerField special = piece.get("SpecialToken");
      TokenizerField sequence = piece.get("Sequence");
      if (special.isNull() == sequence.isNull() || piece.node().size() != 1) {
        throw piece.wrong("a SpecialToken or a Sequence");
      }
      TokenizerField one = special.isNull() ? sequence : special;
      one.only("id", "type_id");
      one.get("type_id").integer(0, MAX_PARTS);
      if (special.isNull()) {
        sequence.get("id").oneOf(sequences);
      } else if (declared.get(special.get("id").text()).isNull()) {
        throw special.get("id").wrong("one of the special_tokens");
      }
    }
    for (String sequence : sequences) {
      long count =
          pieces.items().stream()
              .filter(p -> p.get("Sequence").get("id").optionalText().equals(sequence))
              .count();
      if (count != 1) {
        throw pieces.wrong("the sequence " + sequence + " once");
      }
    }
  }
}
