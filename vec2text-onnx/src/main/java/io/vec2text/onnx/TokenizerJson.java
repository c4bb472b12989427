package io.vec2text.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Utf8;
import com.google.common.collect.HashBiMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@code tokenizer.json} of Hugging Face, checked: the native code that reads it ends the process
 * on some of those that are wrong, at once or at the first odd text. Only what is known to be all
 * right passes; the native code gets what was checked, written anew.
 */
final class TokenizerJson {
  /** Largest file that is read, in bytes; the largest in use have 35 million. */
  static final int MAX_BYTES = 64 << 20;

  private static final int MAX_ID = 1 << 24;
  private static final int MAX_WORD = 1 << 20;

  private final TokenizerField root;
  private final HashBiMap<String, Integer> ids = HashBiMap.create();

  private TokenizerJson(TokenizerField root) {
    this.root = root;
  }

  /**
   * Reads and checks a tokenizer.
   *
   * @param json the bytes of the file
   * @param name what to call it in messages
   * @return its JSON, whose truncation and padding are null: both are the caller's business
   * @throws ModelFormatException naming the field, what was found and what was expected
   */
  static JsonNode read(byte[] json, String name) {
    if (json.length > MAX_BYTES) {
      throw tooLarge(name, json.length);
    }
    if (!Utf8.isWellFormed(json)) {
      throw new ModelFormatException("tokenizer " + name + " is not in UTF-8");
    }
    JsonNode root;
    try {
      root = JsonTree.read(new String(json, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(
          "tokenizer " + name + " is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ModelFormatException("can't read tokenizer " + name, e);
    }
    new TokenizerJson(new TokenizerField("tokenizer " + name, "", root)).check();
    ((ObjectNode) root).putNull("truncation").putNull("padding");
    return root;
  }

  /** What is said of a file that is not even read. */
  static ModelFormatException tooLarge(String name, long bytes) {
    return new ModelFormatException(
        "tokenizer " + name + " has " + bytes + " bytes, expected at most " + MAX_BYTES);
  }

  private void check() {
    root.only(
        "version",
        "truncation",
        "padding",
        "added_tokens",
        "normalizer",
        "pre_tokenizer",
        "post_processor",
        "decoder",
        "model");
    root.get("version").oneOf("1.0");
    model(root.get("model"));
    for (TokenizerField token : root.get("added_tokens").optionalItems()) {
      added(token);
    }
    new TokenizerParts(ids).check(root);
  }

  private void model(TokenizerField model) {
    switch (model.get("type").text()) {
      case "WordPiece" -> wordPiece(model);
      case "BPE" -> bpe(model);
      case "Unigram" -> unigram(model);
      default -> throw model.get("type").wrong("WordPiece, BPE or Unigram");
    }
  }

  private void wordPiece(TokenizerField model) {
    model.only(
        "type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab");
    vocabulary(model.get("vocab"));
    known(model.get("unk_token"));
    model.get("continuing_subword_prefix").text();
    model.get("max_input_chars_per_word").integer(1, MAX_WORD);
  }

  private void bpe(TokenizerField model) {
    model.only(
        "type",
        "dropout",
        "unk_token",
        "continuing_subword_prefix",
        "end_of_word_suffix",
        "fuse_unk",
        "byte_fallback",
        "ignore_merges",
        "vocab",
        "merges");
    vocabulary(model.get("vocab"));
    if (!model.get("dropout").isNull()) {
      throw model.get("dropout").wrong("null, as tokens must not be drawn at random");
    }
    if (!model.get("unk_token").isNull()) {
      known(model.get("unk_token"));
    }
    String prefix = model.get("continuing_subword_prefix").optionalText();
    String unused = model.get("end_of_word_suffix").optionalText();
    model.get("fuse_unk").optionalBool();
    model.get("byte_fallback").optionalBool();
    model.get("ignore_merges").optionalBool();
    List<TokenizerField> merges = model.get("merges").items();
    for (TokenizerField merge : merges) {
      if (merge.node().isArray() != merges.get(0).node().isArray()) {
        throw merge.wrong("one way of writing all merges");
      }
      merge(merge, prefix);
    }
  }

  /** Two pieces of the vocabulary that make a third. */
  private void merge(TokenizerField merge, String prefix) {
    String first;
    String second;
    if (merge.node().isArray()) {
      List<TokenizerField> pair = merge.items(2, 2);
      first = pair.get(0).text();
      second = pair.get(1).text();
    } else {
      String text = merge.text();
      int blank = text.indexOf(' ');
      if (blank < 0 || text.indexOf(' ', blank + 1) >= 0) {
        throw merge.wrong("two pieces and a blank between them");
      }
      first = text.substring(0, blank);
      second = text.substring(blank + 1);
    }
    boolean fits =
        ids.containsKey(first)
            && ids.containsKey(second)
            && second.startsWith(prefix)
            && ids.containsKey(first + second.substring(prefix.length()));
    if (!fits) {
      throw merge.wrong("two pieces of the vocabulary that make a third");
    }
  }

  private void unigram(TokenizerField model) {
    model.only("type", "unk_id", "vocab", "byte_fallback");
    List<TokenizerField> pieces = model.get("vocab").items(1, MAX_ID);
    for (int i = 0; i < pieces.size(); i++) {
      List<TokenizerField> pair = pieces.get(i).items(2, 2);
      pair.get(1).number();
      put(pair.get(0), pair.get(0).text(), i);
    }
    model.get("unk_id").integer(0, pieces.size() - 1);
    model.get("byte_fallback").optionalBool();
  }

  private void vocabulary(TokenizerField vocabulary) {
    vocabulary.object();
    vocabulary
        .node()
        .properties()
        .forEach(
            piece -> {
              TokenizerField id = vocabulary.get(piece.getKey());
              id.checkCharacters(piece.getKey());
              put(id, piece.getKey(), id.integer(0, MAX_ID));
            });
    if (ids.isEmpty()) {
      throw vocabulary.wrong("at least one piece");
    }
  }

  private void put(TokenizerField field, String piece, int id) {
    if (piece.isEmpty()) {
      throw field.wrong("a piece that is not empty");
    }
    @Nullable String other = ids.inverse().get(id);
    @Nullable Integer before = ids.get(piece);
    if (other == null ? before != null : !other.equals(piece)) {
      throw field.wrong("each piece once, and each id once");
    }
    ids.put(piece, id);
  }

  private void known(TokenizerField piece) {
    if (!ids.containsKey(piece.text())) {
      throw piece.wrong("a piece of the vocabulary");
    }
  }

  private void added(TokenizerField token) {
    token.only("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
    for (String flag : Set.of("single_word", "lstrip", "rstrip", "normalized", "special")) {
      token.get(flag).bool();
    }
    put(token, token.get("content").text(), token.get("id").integer(0, MAX_ID));
  }
}
