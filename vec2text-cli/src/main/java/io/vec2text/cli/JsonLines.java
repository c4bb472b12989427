package io.vec2text.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.vec2text.Evidence;
import io.vec2text.InversionResult;
import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.InversionResult.SpanProbability;
import io.vec2text.InversionResult.WordProbability;
import io.vec2text.Outcome;
import io.vec2text.StoredPrecision;
import io.vec2text.Verdict;
import io.vec2text.sources.Place;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Outcomes as JSON objects. */
record JsonLines(Detail detail) implements ResultLines {
  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public byte[] line(long index, Place place, Outcome outcome) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("index", index);
      if (place.line().isPresent()) {
        json.writeNumberField("line", place.line().getAsLong());
      }
      if (place.id().isPresent()) {
        json.writeStringField("id", ResultLines.clean(place.id().get()));
      }
      if (outcome.result().isPresent()) {
        write(json, outcome.result().get());
      } else {
        json.writeStringField("error", ResultLines.error(outcome));
      }
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  private void write(JsonGenerator json, InversionResult result) throws IOException {
    json.writeStringField("text", ResultLines.clean(result.text()));
    json.writeNumberField("cosine", ResultLines.rounded(result.cosine(), 9));
    json.writeStringField("verdict", ResultLines.name(result.verdict()));
    json.writeNumberField("embedderCalls", result.cost().embedderCalls());
    json.writeNumberField("decodes", result.cost().decodes());
    json.writeNumberField("millis", result.cost().work().toMillis());
    json.writeStringField("stop", ResultLines.name(result.stop()));
    if (ResultLines.isScaled(result.vectorNorm())) {
      json.writeNumberField("norm", ResultLines.norm(result.vectorNorm()));
    }
    if (result.stored().format() != StoredPrecision.Format.FLOAT32) {
      json.writeStringField("stored", ResultLines.name(result.stored().format()));
    }
    if (!result.evidence().isEmpty()) {
      json.writeObjectFieldStart("evidence");
      for (Evidence evidence : result.evidence()) {
        json.writeStringField(ResultLines.name(evidence.kind()), evidence.line());
      }
      json.writeEndObject();
    }
    if (detail.confidence()) {
      write(json, "confidence", result.words());
      writeSpans(json, result);
    }
    if (result.predictedWords().isPresent()) {
      write(json, result.predictedWords().get());
    }
  }

  private void write(JsonGenerator json, PredictedWords contents) throws IOException {
    if (contents.exceedsSupportedLength()) {
      json.writeBooleanField("exceedsSupportedLength", true);
      json.writeNumberField("estimatedTokens", contents.tokens());
    }
    if (contents.exceedsSupportedLength() || detail.words() > 0) {
      write(json, "words", detail.shown(contents));
    }
  }

  private static void write(JsonGenerator json, String field, List<WordProbability> words)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (WordProbability word : words) {
      json.writeStartObject();
      json.writeStringField("word", ResultLines.clean(word.word()));
      json.writeNumberField("probability", ResultLines.rounded(word.probability(), 6));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeSpans(JsonGenerator json, InversionResult result) throws IOException {
    json.writeArrayFieldStart("spans");
    for (SpanProbability span : result.spans()) {
      json.writeStartObject();
      json.writeStringField(
          "text",
          result.words().subList(span.from(), span.end()).stream()
              .map(word -> ResultLines.clean(word.word()))
              .collect(Collectors.joining(" ")));
      json.writeNumberField("from", span.from());
      json.writeNumberField("probability", ResultLines.rounded(span.probability(), 6));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  @Override
  public String start(long index) {
    return "{\"index\":" + index + ",";
  }

  @Override
  public Optional<Written> read(byte[] line, long index) {
    JsonNode node = JsonDocument.parse(line);
    if (!node.path("index").isIntegralNumber() || node.path("index").longValue() != index) {
      return Optional.empty();
    }
    if (node.path("error").isTextual()) {
      return Optional.of(new Written(Optional.empty()));
    }
    Optional<Verdict> verdict = ResultLines.verdict(node.path("verdict").asText());
    return node.path("text").isTextual() && node.path("cosine").isNumber() && verdict.isPresent()
        ? Optional.of(new Written(verdict))
        : Optional.empty();
  }

  @Override
  public boolean isOf(byte[] line, Place place) {
    return JsonDocument.parse(line)
        .path("id")
        .asText("")
        .equals(place.id().map(ResultLines::clean).orElse(""));
  }
}
