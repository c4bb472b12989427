package io.vec2text.lm.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Ascii;
import com.google.common.primitives.Bytes;
import com.google.common.primitives.Ints;
import io.vec2text.Vec2TextException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The ids of tokens by the bytes of their texts, for servers that answer with texts: read from a
 * {@code tokenizer.json}, of byte-level BPE or of pieces that write a space as U+2581.
 */
final class TokenNames {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PRINTABLE = 256;
  private static final int HEX = 16;

  private final Map<ByteBuffer, Integer> ids;
  private final int vocabulary;

  private TokenNames(Map<ByteBuffer, Integer> ids, int vocabulary) {
    this.ids = ids;
    this.vocabulary = vocabulary;
  }

  /**
   * Reads a tokenizer.
   *
   * @throws Vec2TextException if the file holds none
   */
  static TokenNames read(Path file) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw new Vec2TextException(file + " is not valid JSON: " + e.getOriginalMessage(), e);
    }
    JsonNode vocab = root.path("model").path("vocab");
    if (!vocab.isObject()) {
      throw new Vec2TextException(
          file + " has no model.vocab by token, expected the tokenizer.json of a BPE tokenizer");
    }
    boolean byteLevel = root.path("decoder").toString().contains("ByteLevel");
    Map<Character, Byte> bytes = bytesOfCharacters();
    Map<ByteBuffer, Integer> ids = new HashMap<>();
    int[] last = {-1};
    vocab
        .properties()
        .forEach(
            entry -> {
              int id = entry.getValue().asInt();
              last[0] = Math.max(last[0], id);
              byte[] text = byteLevel ? byteLevel(entry.getKey(), bytes) : piece(entry.getKey());
              ids.putIfAbsent(ByteBuffer.wrap(text), id);
            });
    for (JsonNode added : root.path("added_tokens")) {
      int id = added.path("id").asInt();
      last[0] = Math.max(last[0], id);
      ids.put(ByteBuffer.wrap(added.path("content").asText().getBytes(UTF_8)), id);
    }
    return new TokenNames(ids, last[0] + 1);
  }

  /** What GPT-2 writes bytes as: printable ones as they are, the others from U+0100 on. */
  private static Map<Character, Byte> bytesOfCharacters() {
    Map<Character, Byte> bytes = new HashMap<>();
    int next = PRINTABLE;
    for (int b = 0; b < PRINTABLE; b++) {
      boolean printable =
          (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
      bytes.put((char) (printable ? b : next++), (byte) b);
    }
    return bytes;
  }

  private static byte[] byteLevel(String token, Map<Character, Byte> bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < token.length(); i++) {
      Byte b = bytes.get(token.charAt(i));
      if (b == null) {
        return token.getBytes(UTF_8);
      }
      out.write(b);
    }
    return out.toByteArray();
  }

  private static byte[] piece(String token) {
    if (token.length() == 6 && token.startsWith("<0x") && token.endsWith(">")) {
      Integer b = Ints.tryParse(token.substring(3, 5), HEX);
      if (b != null) {
        return new byte[] {b.byteValue()};
      }
    }
    return token.replace('\u2581', ' ').getBytes(UTF_8);
  }

  /** Tokens in all. */
  int vocabulary() {
    return vocabulary;
  }

  /**
   * The id of a token.
   *
   * @param text its text
   * @param bytes its bytes as an array of numbers, where the server gives them; else missing
   * @return -1 if there is none
   */
  int id(String text, JsonNode bytes) {
    if (bytes.isArray() && bytes.size() > 0) {
      byte[] all = new byte[bytes.size()];
      for (int i = 0; i < all.length; i++) {
        all[i] = (byte) bytes.get(i).asInt();
      }
      Integer id = ids.get(ByteBuffer.wrap(all));
      if (id != null) {
        return id;
      }
    }
    // OpenAI writes bytes that are no text as bytes:\xe2\x80.
    byte[] all = text.startsWith("bytes:\\x") ? escaped(text) : text.getBytes(UTF_8);
    return ids.getOrDefault(ByteBuffer.wrap(all), Shown.UNKNOWN);
  }

  private static byte[] escaped(String text) {
    byte[] all = new byte[0];
    for (String hex : text.substring("bytes:\\x".length()).split("\\\\x", -1)) {
      Integer b = Ints.tryParse(Ascii.toLowerCase(hex), HEX);
      all = b == null ? all : Bytes.concat(all, new byte[] {b.byteValue()});
    }
    return all;
  }
}
