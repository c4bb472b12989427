package io.vec2text.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vec2text.BagOfWords.Contents;
import io.vec2text.BagOfWords.WordProbability;
import io.vec2text.InversionResult;
import io.vec2text.Outcome;
import io.vec2text.StoredPrecision;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Writes outcomes as JSON, one line each. */
final class ResultLines {
  /** The words listed for a text beyond range, unless told otherwise. */
  static final int DEFAULT_WORDS = 32;

  private static final double UNIT_TOLERANCE = 1e-3;
  private static final JsonFactory JSON = new JsonFactory();

  private final int words;
  private final boolean confidence;

  /**
   * A writer.
   *
   * @param words the words to add for every vector; 0 for the default number, and that only for
   *     texts beyond range
   * @param confidence whether to add the probability of each word of the text
   */
  ResultLines(int words, boolean confidence) {
    this.words = words;
    this.confidence = confidence;
  }

  /** The line of an outcome, in UTF-8, its end included. */
  byte[] line(long index, Outcome outcome) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("index", index);
      if (outcome.result().isPresent()) {
        write(json, outcome.result().get());
      } else {
        RuntimeException error = outcome.error().orElseThrow();
        String message = error.getMessage();
        json.writeStringField(
            "error", clean(message == null ? error.getClass().getSimpleName() : message));
      }
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  private void write(JsonGenerator json, InversionResult result) throws IOException {
    json.writeStringField("text", clean(result.text()));
    json.writeNumberField("cosine", rounded(result.cosine(), 9));
    json.writeStringField("verdict", name(result.verdict()));
    json.writeNumberField("embedderCalls", result.cost().embedderCalls());
    json.writeNumberField("decodes", result.cost().decodes());
    json.writeNumberField("millis", result.cost().work().toMillis());
    json.writeStringField("stop", name(result.stop()));
    if (Math.abs(result.vectorNorm() - 1) > UNIT_TOLERANCE) {
      double norm = new BigDecimal(result.vectorNorm()).round(MathContext.DECIMAL32).doubleValue();
      json.writeNumberField("norm", norm);
    }
    if (result.stored().format() != StoredPrecision.Format.FLOAT32) {
      json.writeStringField("stored", name(result.stored().format()));
    }
    if (confidence) {
      write(json, "confidence", result.words());
    }
    if (result.contents().isPresent()) {
      write(json, result.contents().get());
    }
  }

  private void write(JsonGenerator json, Contents contents) throws IOException {
    if (contents.beyondRange()) {
      json.writeBooleanField("beyondRange", true);
      json.writeNumberField("estimatedTokens", contents.tokens());
    }
    if (contents.beyondRange() || words > 0) {
      int n = Math.min(words > 0 ? words : DEFAULT_WORDS, contents.words().size());
      write(json, "words", contents.words().subList(0, n));
    }
  }

  private static void write(JsonGenerator json, String field, List<WordProbability> words)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (WordProbability word : words) {
      json.writeStartObject();
      json.writeStringField("word", clean(word.word()));
      json.writeNumberField("probability", rounded(word.probability(), 6));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static double rounded(double value, int decimals) {
    double unit = Math.pow(10, decimals);
    return Math.rint(value * unit) / unit;
  }

  /** Replaces halves of surrogate pairs, which have no UTF-8 form and would end the run. */
  private static String clean(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
