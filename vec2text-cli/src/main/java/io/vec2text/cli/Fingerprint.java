package io.vec2text.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What an output depends on: its input, the models, and the options that matter. It lies beside an
 * output that is not complete, so that only the same run continues it.
 */
record Fingerprint(ImmutableMap<String, String> entries) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_BYTES = 1 << 20;

  /** The fingerprint of an input without options; reads the whole file. */
  static Fingerprint of(Path input) throws IOException {
    return new Fingerprint(ImmutableMap.of("format", "vec2text-invert-2"))
        .with("inputBytes", Files.size(input))
        .with("inputSha256", MoreFiles.asByteSource(input).hash(Hashing.sha256()));
  }

  /** The fingerprint of an input that is not there a second time. */
  static Fingerprint none() {
    return new Fingerprint(ImmutableMap.of());
  }

  /** A fingerprint of this and an option. */
  Fingerprint with(String name, Object value) {
    return new Fingerprint(
        ImmutableMap.<String, String>builder()
            .putAll(entries)
            .put(name, value.toString())
            .buildOrThrow());
  }

  /** A fingerprint of this and further entries. */
  Fingerprint with(Map<String, String> more) {
    return new Fingerprint(
        ImmutableMap.<String, String>builder().putAll(entries).putAll(more).buildOrThrow());
  }

  /** Puts the fingerprint into a file, whole or not at all. */
  void write(Path file, Outputs outputs) throws IOException {
    outputs.write(file, JSON.writeValueAsBytes(entries));
  }

  /**
   * Checks that a file holds this very fingerprint.
   *
   * @throws CliException naming the first difference
   */
  void check(Path file) throws IOException {
    JsonNode found = read(file);
    entries.forEach(
        (name, value) -> {
          String begun = found.path(name).asText("nothing that is known");
          if (!begun.equals(value)) {
            throw new CliException(
                "%s: the output was begun with %s %s, not with %s; --force begins it again"
                    .formatted(file, name, begun, value));
          }
        });
  }

  private static JsonNode read(Path file) throws IOException {
    JsonNode found =
        Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES
            ? JsonDocument.parse(Files.readAllBytes(file))
            : JsonDocument.parse(new byte[0]);
    if (!found.isObject()) {
      throw new CliException(
          file
              + ": is damaged or no resume file, the output can't be continued; --force begins it"
              + " again");
    }
    return found;
  }
}
