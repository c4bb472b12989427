package io.vec2text.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.vec2text.audit.Canary;
import io.vec2text.sources.LineReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The files with texts that an audit reads: canaries, and the texts of records. */
final class AuditFiles {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_LINE = 1 << 24;

  /** Canaries or texts at most: each is compared with each record. */
  static final int MAX_COMPARED = 10_000;

  private AuditFiles() {}

  /** Canaries as lines of JSON. */
  static byte[] write(List<Canary> canaries) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Canary canary : canaries) {
      ObjectNode node = JSON.createObjectNode();
      node.put("id", canary.id());
      node.put("text", canary.text());
      lines.append(JSON.writeValueAsString(node)).append('\n');
    }
    return lines.toString().getBytes(UTF_8);
  }

  /** Reads what {@link #write} wrote. */
  static List<Canary> canaries(Path file) throws IOException {
    List<Canary> canaries = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    readJson(
        file,
        (id, text) -> {
          if (!ids.add(id)) {
            throw new CliException(file + ": has the id " + id + " twice");
          }
          canaries.add(new Canary(id, text));
        });
    if (canaries.isEmpty() || canaries.size() > MAX_COMPARED) {
      throw new CliException(
          "%s: holds %d canaries, expected 1 to %d, as vec2text audit plant makes them"
              .formatted(file, canaries.size(), MAX_COMPARED));
    }
    return canaries;
  }

  /** Reads texts, one a line. */
  static List<String> texts(Path file) throws IOException {
    List<String> texts = new ArrayList<>();
    readLines(file, texts::add);
    if (texts.isEmpty() || texts.size() > MAX_COMPARED) {
      throw new CliException(
          "%s: holds %d texts, expected 1 to %d, one a line"
              .formatted(file, texts.size(), MAX_COMPARED));
    }
    return texts;
  }

  /** Reads ids, one a line. */
  static List<String> ids(Path file) throws IOException {
    List<String> ids = new ArrayList<>();
    readLines(file, ids::add);
    if (ids.isEmpty()) {
      throw new CliException(file + ": holds no ids, expected one a line");
    }
    return ids;
  }

  private static void readLines(Path file, Consumer<String> taker) throws IOException {
    try (LineReader lines = LineReader.open(file, MAX_LINE)) {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        String text = lines.decode(line).strip();
        if (!text.isEmpty()) {
          taker.accept(text);
        }
      }
    }
  }

  /** Reads the texts of records, by their ids. */
  static Map<String, String> truth(Path file) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    if (file.toString().endsWith(".csv")) {
      readCsv(file, texts);
    } else {
      readJson(file, texts::put);
    }
    if (texts.isEmpty()) {
      throw new CliException(file + ": holds no texts, expected an id and a text a line");
    }
    return texts;
  }

  private static void readCsv(Path file, Map<String, String> texts) throws IOException {
    try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(file)) {
      for (NamedCsvRecord record : csv) {
        if (record.findField("id").isEmpty() || record.findField("text").isEmpty()) {
          throw new CliException(file + ": has no columns \"id\" and \"text\"");
        }
        texts.put(record.getField("id"), record.getField("text"));
      }
    }
  }

  /** Takes an id and a text. */
  private interface Taker {
    void take(String id, String text);
  }

  private static void readJson(Path file, Taker taker) throws IOException {
    try (LineReader lines = LineReader.open(file, MAX_LINE)) {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        if (new String(line, UTF_8).isBlank()) {
          continue;
        }
        JsonNode node = JsonDocument.parse(line);
        if (!node.path("id").isValueNode() || !node.path("text").isTextual()) {
          throw new CliException(
              "%s: line %d is no JSON object with \"id\" and \"text\""
                  .formatted(file, lines.line()));
        }
        taker.take(node.path("id").asText(), node.path("text").asText());
      }
    }
  }
}
