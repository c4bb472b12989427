package io.vec2text.eval.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.google.common.hash.Hashing;
import io.vec2text.InversionResult;
import io.vec2text.internal.OwnerOnly;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Results of inversions on disk, so that a run that was killed goes on where it was.
 *
 * <p>A line is a result; lines are only ever appended, so that whatever a kill leaves is a number
 * of whole lines and at most one torn one, which is cut off. Files hold what was recovered and are
 * readable by their owner alone.
 */
final class Journal implements Closeable {
  private static final ObjectMapper JSON =
      JsonMapper.builder().addModule(new Jdk8Module()).addModule(new JavaTimeModule()).build();

  private final Path file;
  private final FileChannel channel;

  /** A line. */
  private record Entry(String vector, InversionResult result) {}

  private Journal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Begins a file, or continues the one that is there.
   *
   * @param folder made, for its owner alone, if it does not exist
   * @param name the first part of the file's name
   * @param conditions all that the results depend on but the vectors; other conditions have another
   *     file
   * @throws IOException if the file can't be opened, or another run has it open
   */
  static Journal open(Path folder, String name, String conditions) throws IOException {
    if (!Files.isDirectory(folder)) {
      OwnerOnly.createFolder(folder);
    }
    String hash = Hashing.sha256().hashString(conditions, UTF_8).toString().substring(0, 16);
    Path file = folder.resolve(name.replaceAll("[^A-Za-z0-9]+", "-") + "." + hash + ".jsonl");
    FileChannel channel =
        Files.exists(file, LinkOption.NOFOLLOW_LINKS)
            ? FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)
            : OwnerOnly.create(file);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      locked = false;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    if (!locked) {
      throw new IOException(file + ": another run is writing to it");
    }
    return new Journal(file, channel);
  }

  /** The results that are there, by the key of their vector; to be called once, and first. */
  Map<String, InversionResult> read() throws IOException {
    Map<String, InversionResult> results = new HashMap<>();
    byte[] bytes = Files.readAllBytes(file);
    int start = 0;
    for (int end = 0; end < bytes.length; end++) {
      if (bytes[end] == '\n') {
        Entry entry = parse(Arrays.copyOfRange(bytes, start, end));
        results.put(entry.vector, entry.result);
        start = end + 1;
      }
    }
    channel.truncate(start);
    channel.position(start);
    return results;
  }

  private Entry parse(byte[] line) throws IOException {
    try {
      return JSON.readValue(line, Entry.class);
    } catch (JsonProcessingException e) {
      // Without its message, which may hold a text.
      throw new IOException(file + ": holds a line that is no result of an inversion");
    }
  }

  void write(String vector, InversionResult result) throws IOException {
    byte[] line = JSON.writeValueAsBytes(new Entry(vector, result));
    ByteBuffer bytes = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
