package io.vec2text.lm.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import io.vec2text.Vec2TextException;
import io.vec2text.internal.OwnerOnly;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Answers by the hashes of their questions, in a file for the owner alone: a first line that says
 * what it is, then a JSON object a line, each written before the next question is asked. Half a
 * line, which a kill leaves, is cut off. Refusals are kept as well.
 */
final class Journal implements Closeable {
  private static final String HEADER = "{\"format\":\"vec2text-answers-1\"}";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final FileChannel channel;
  private final Map<String, JsonNode> lines = new HashMap<>();

  private Journal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens a file, or begins one.
   *
   * @throws Vec2TextException if it is none of these
   */
  static Journal open(Path file) throws IOException {
    boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    FileChannel channel =
        there
            ? FileChannel.open(
                file,
                Set.of(
                    StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))
            : OwnerOnly.create(file);
    Journal journal = new Journal(file, channel);
    boolean read = false;
    try {
      long end = there ? journal.readLines() : 0;
      channel.truncate(end).position(end);
      if (end == 0) {
        journal.append(HEADER);
      }
      read = true;
      return journal;
    } finally {
      if (!read) {
        channel.close();
      }
    }
  }

  /** Reads whole lines, and returns where they end. */
  private long readLines() throws IOException {
    String text = new String(Files.readAllBytes(file), UTF_8);
    int end = text.lastIndexOf('\n') + 1;
    List<String> whole = text.substring(0, end).lines().toList();
    boolean ours = whole.isEmpty() ? HEADER.startsWith(text) : whole.get(0).equals(HEADER);
    if (!ours) {
      throw new Vec2TextException(
          file + ": is not a file of a server's answers, expected none or one of this command");
    }
    try {
      for (String line : whole.subList(Math.min(1, whole.size()), whole.size())) {
        JsonNode node = JSON.readTree(line);
        lines.put(node.path("key").asText(), node);
      }
    } catch (JsonProcessingException e) {
      throw new Vec2TextException(file + ": holds a damaged answer; begin another file", e);
    }
    return text.substring(0, end).getBytes(UTF_8).length;
  }

  /**
   * The answer to a question, if it is there.
   *
   * @throws ServerException if the question was refused
   */
  Optional<Shown> get(String key) {
    JsonNode line = lines.get(key);
    if (line == null) {
      return Optional.empty();
    }
    if (line.has("status")) {
      throw new ServerException(line.path("message").asText(), line.path("status").asInt());
    }
    ImmutableIntArray.Builder tokens = ImmutableIntArray.builder();
    line.path("tokens").forEach(token -> tokens.add(token.asInt()));
    ImmutableDoubleArray.Builder logs = ImmutableDoubleArray.builder();
    line.path("logs").forEach(log -> logs.add(log.asDouble()));
    return Optional.of(
        new Shown(
            line.path("chosen").asInt(),
            line.path("log").asDouble(Double.NaN),
            line.path("entries").asInt(),
            tokens.build(),
            logs.build(),
            line.path("seconds").asDouble()));
  }

  /** Keeps an answer. */
  void put(String key, Shown shown) throws IOException {
    ObjectNode line = JSON.createObjectNode().put("key", key).put("chosen", shown.chosen());
    if (!Double.isNaN(shown.chosenLog())) {
      line.put("log", shown.chosenLog());
    }
    line.put("entries", shown.entries()).put("seconds", shown.seconds());
    ArrayNode tokens = line.putArray("tokens");
    shown.tokens().forEach(tokens::add);
    ArrayNode logs = line.putArray("logs");
    shown.logs().forEach(logs::add);
    append(line.toString());
    lines.put(key, line);
  }

  /** Keeps a refusal. */
  void put(String key, ServerException refusal) throws IOException {
    ObjectNode line =
        JSON.createObjectNode()
            .put("key", key)
            .put("status", refusal.status().orElse(0))
            .put("message", refusal.getMessage());
    append(line.toString());
    lines.put(key, line);
  }

  private void append(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
