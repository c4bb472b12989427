package io.vec2text.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What an output depends on: its input and the options that matter. It lies beside an output that
 * is not complete, so that only the same run continues it.
 */
record Fingerprint(ImmutableMap<String, String> entries) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_BYTES = 1 << 20;

  /** The fingerprint of an input without options; reads the whole file. */
  static Fingerprint of(Path input) throws IOException {
    return new Fingerprint(ImmutableMap.of("format", "vec2text-invert-1"))
        .with("inputBytes", Files.size(input))
        .with("inputSha256", MoreFiles.asByteSource(input).hash(Hashing.sha256()));
  }

  /** A fingerprint of this and an option. */
  Fingerprint with(String name, Object value) {
    return new Fingerprint(
        ImmutableMap.<String, String>builder()
            .putAll(entries)
            .put(name, value.toString())
            .buildOrThrow());
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
    Map<String, String> found;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new CliException(file + ": is not a resume file");
      }
      found = JSON.readValue(Files.readAllBytes(file), new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new CliException(file + ": is not a resume file", e);
    }
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      String value = String.valueOf(found.get(entry.getKey()));
      if (!value.equals(entry.getValue())) {
        throw new CliException(
            "%s: the output was begun with %s %s, not with %s"
                .formatted(file, entry.getKey(), value, entry.getValue()));
      }
    }
  }
}
