package io.vec2text.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.Lists;
import com.google.common.collect.Streams;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import io.vec2text.InferenceException;
import io.vec2text.Tokenization;
import io.vec2text.internal.CloseGuard;
import io.vec2text.internal.ShutdownOrder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer.json of Hugging Face, read by their own code. Serves many threads at once; {@link
 * #close} is idempotent and waits for calls in flight.
 *
 * <p>WordPiece tokens are joined here: HuggingFace's own clean-up turns "do n't" into "don't",
 * which has other tokens.
 */
final class HfTokenization implements Tokenization, AutoCloseable {
  private static final Map<String, String> OPTIONS =
      Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

  /** Punctuation that stands right after a word; the tokenizer cuts it off in any case. */
  private static final Set<String> CLOSING = Set.of(".", ",", "!", "?", ";", ":", ")", "%");

  private static final Set<String> OPENING = Set.of("(", "$");

  /** What follows the apostrophe of a contraction or genitive. */
  private static final Set<String> CONTRACTED = Set.of("s", "t", "d", "m", "ll", "re", "ve");

  private final String name;
  private final HuggingFaceTokenizer tokenizer;
  private final String @Nullable [] wordPieces;
  private final String continuation;
  private final int[] before;
  private final int[] after;
  private final int largest;
  private final LongTexts longTexts;
  private final OptionalInt unknown;
  private final CloseGuard gate;

  private HfTokenization(String name, HuggingFaceTokenizer tokenizer, JsonNode json) {
    this.name = name;
    this.tokenizer = tokenizer;
    JsonNode model = json.path("model");
    this.largest = largest(json);
    this.wordPieces =
        model.path("type").asText().equals("WordPiece") ? vocabulary(json, largest) : null;
    this.continuation = model.path("continuing_subword_prefix").asText("##");
    int[] word = ids(tokenizer.encode("a", false, false));
    int[] framed = ids(tokenizer.encode("a", true, false));
    int start = Collections.indexOfSubList(Ints.asList(framed), Ints.asList(word));
    if (word.length == 0 || start < 0) {
      throw new ModelFormatException(
          name
              + " gives \"a\" the tokens "
              + Arrays.toString(framed)
              + " with special ones, expected "
              + Arrays.toString(word)
              + " among them");
    }
    this.before = Arrays.copyOf(framed, start);
    this.after = Arrays.copyOfRange(framed, start + word.length, framed.length);
    this.longTexts = LongTexts.of(json);
    String unknownPiece = model.path("unk_token").asText();
    JsonNode unknownId = model.path("vocab").path(unknownPiece);
    this.unknown = unknownId.isInt() ? OptionalInt.of(unknownId.asInt()) : OptionalInt.empty();
    this.gate = new CloseGuard("tokenizer " + name);
  }

  /**
   * Reads a tokenizer.
   *
   * @throws ModelFormatException if the file is missing or holds none
   */
  static HfTokenization open(Path file) {
    ShutdownOrder.check();
    Natives.loadTokenizers();
    String name = String.valueOf(file.getFileName());
    HuggingFaceTokenizer tokenizer = null;
    try {
      JsonNode json = TokenizerJson.read(bytes(file, name), name);
      // What was checked, not what was read: the native code may read it otherwise.
      byte[] checked = JsonTree.write(json);
      tokenizer = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(checked), OPTIONS);
      return new HfTokenization(name, tokenizer, json);
    } catch (IOException e) {
      throw new ModelFormatException("can't read tokenizer " + file, e);
    } catch (ModelFormatException e) {
      close(tokenizer);
      throw e;
    } catch (RuntimeException e) {
      close(tokenizer);
      throw new ModelFormatException("can't load tokenizer " + file + ": " + OrtRuntime.line(e), e);
    }
  }

  private static byte[] bytes(Path file, String name) throws IOException {
    long size = Files.size(file);
    if (size > TokenizerJson.MAX_BYTES) {
      throw TokenizerJson.tooLarge(name, size);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(TokenizerJson.MAX_BYTES + 1);
    }
  }

  private static void close(@Nullable HuggingFaceTokenizer tokenizer) {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }

  @Override
  public List<int[]> encode(List<String> texts) {
    return gate.pass(
        () -> {
          List<int[]> tokens = new ArrayList<>(texts.size());
          try {
            for (Encoding encoding : tokenizer.batchEncode(texts, false, false)) {
              tokens.add(ids(encoding));
            }
          } catch (RuntimeException e) {
            throw new InferenceException("tokenizer " + name + " failed: " + OrtRuntime.line(e), e);
          }
          return tokens;
        });
  }

  /**
   * Tokens of the begins of texts: the same as of the whole texts, as far as they go.
   *
   * @param most a text's tokens after these may be missing
   */
  List<int[]> encodeFirst(List<String> texts, int most) {
    List<int[]> tokens = new ArrayList<>(encode(Lists.transform(texts, longTexts::begin)));
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      for (int n = LongTexts.BEGIN; tokens.get(i).length < most && longTexts.isCut(text, n); ) {
        n = (int) Math.min(4L * n, Integer.MAX_VALUE);
        tokens.set(i, encode(List.of(longTexts.begin(text, n))).get(0));
      }
    }
    return tokens;
  }

  @Override
  public String decode(int[] tokens) {
    return wordPieces == null ? decodeNatively(tokens) : join(tokens, wordPieces);
  }

  @Override
  public String name(int token) {
    if (wordPieces == null) {
      return Tokenization.super.name(token);
    }
    String piece = piece(token, wordPieces);
    return isContinuation(piece) ? CONTINUATION + piece.substring(continuation.length()) : piece;
  }

  @Override
  public OptionalInt unknown() {
    return unknown;
  }

  /**
   * Checks that these are the tokens that models know.
   *
   * @throws ModelFormatException naming what was found and what was expected
   */
  void check(ImmutableIntArray expectedBefore, Manifest.Tokens expected) {
    ImmutableIntArray end = ImmutableIntArray.of(expected.sep());
    if (!expectedBefore.equals(ImmutableIntArray.copyOf(before))
        || !end.equals(ImmutableIntArray.copyOf(after))) {
      throw new ModelFormatException(
          String.format(
              "tokenizer %s puts %s before a text and %s after it, expected %s and %s",
              name, Arrays.toString(before), Arrays.toString(after), expectedBefore, end));
    }
    if (largest >= expected.vocabulary()) {
      throw new ModelFormatException(
          String.format(
              "tokenizer %s has the id %s, expected ids from 0 to %s",
              name, largest, expected.vocabulary() - 1));
    }
  }

  /** The special tokens before each text. */
  int[] before() {
    return before.clone();
  }

  /** The special tokens after each text. */
  int[] after() {
    return after.clone();
  }

  @Override
  public void close() {
    gate.close(tokenizer::close);
  }

  private String decodeNatively(int[] tokens) {
    return gate.pass(
        () -> {
          long[][] ids = {Arrays.stream(tokens).asLongStream().toArray()};
          try {
            return tokenizer.batchDecode(ids, false)[0];
          } catch (RuntimeException e) {
            throw new InferenceException("tokenizer " + name + " failed: " + OrtRuntime.line(e), e);
          }
        });
  }

  private String join(int[] tokens, String[] vocabulary) {
    List<String> pieces = new ArrayList<>(tokens.length);
    for (int token : tokens) {
      pieces.add(piece(token, vocabulary));
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces.size(); i++) {
      String piece = pieces.get(i);
      if (isContinuation(piece)) {
        text.append(piece, continuation.length(), piece.length());
      } else {
        text.append(i == 0 || clings(pieces, i) ? "" : " ").append(piece);
      }
    }
    return text.toString();
  }

  private static String piece(int token, String[] vocabulary) {
    checkArgument(
        token >= 0 && token < vocabulary.length,
        "token must be from 0 to %s, was %s",
        vocabulary.length - 1,
        token);
    return vocabulary[token];
  }

  private boolean isContinuation(String piece) {
    return piece.length() > continuation.length() && piece.startsWith(continuation);
  }

  /** Whether a piece stands right behind the last one, though it does not continue a word. */
  private static boolean clings(List<String> pieces, int i) {
    return CLOSING.contains(pieces.get(i))
        || OPENING.contains(pieces.get(i - 1))
        || joins(pieces, i)
        || joins(pieces, i - 1);
  }

  /** Whether a piece is punctuation inside a word or number. */
  private static boolean joins(List<String> pieces, int i) {
    if (i == 0 || i + 1 == pieces.size()) {
      return false;
    }
    String next = pieces.get(i + 1);
    int before = lastCharacter(pieces.get(i - 1));
    int after = lastCharacter(next);
    boolean numbers = Character.isDigit(before) && Character.isDigit(after);
    return switch (pieces.get(i)) {
      case "-", "/" -> Character.isLetterOrDigit(before) && Character.isLetterOrDigit(after);
      case "'" -> Character.isLetterOrDigit(before) && CONTRACTED.contains(next);
      case ".", ":" -> numbers;
      case "," -> numbers && next.length() == 3;
      default -> false;
    };
  }

  private static int lastCharacter(String piece) {
    return piece.isEmpty() ? ' ' : piece.codePointBefore(piece.length());
  }

  private static int[] ids(Encoding encoding) {
    long[] ids = encoding.getIds();
    int[] tokens = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      tokens[i] = (int) ids[i];
    }
    return tokens;
  }

  /**
   * The largest id of a vocabulary: a map of ids (BPE, WordPiece) or a list of pieces (Unigram).
   */
  private static int largest(JsonNode json) {
    JsonNode vocabulary = json.path("model").path("vocab");
    IntStream ids =
        vocabulary.isArray()
            ? IntStream.of(vocabulary.size() - 1)
            : Streams.stream(vocabulary).mapToInt(JsonNode::asInt);
    IntStream added =
        Streams.stream(json.path("added_tokens")).mapToInt(token -> token.path("id").asInt());
    return IntStream.concat(ids, added).max().orElse(-1);
  }

  /** The pieces by id. */
  private static String[] vocabulary(JsonNode json, int largest) {
    JsonNode pieces = json.path("model").path("vocab");
    JsonNode added = json.path("added_tokens");
    // Of more ids than pieces some are missing.
    int ids = Math.min(largest, pieces.size() + added.size()) + 1;
    @Nullable String[] vocabulary = new String[ids];
    for (Map.Entry<String, JsonNode> piece : pieces.properties()) {
      put(vocabulary, piece.getValue(), piece.getKey());
    }
    for (JsonNode token : added) {
      put(vocabulary, token.path("id"), token.path("content").asText());
    }
    String[] all = new String[ids];
    for (int id = 0; id < ids; id++) {
      @Nullable String piece = vocabulary[id];
      if (piece == null) {
        throw new ModelFormatException(
            "the tokenizer's vocabulary lacks the id " + id + ", expected all up to " + largest);
      }
      all[id] = piece;
    }
    return all;
  }

  private static void put(@Nullable String[] vocabulary, JsonNode id, String piece) {
    if (id.asInt() < vocabulary.length) {
      vocabulary[id.asInt()] = piece;
    }
  }
}
