package io.vec2text.eval.internal.setup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.google.common.hash.Hashing;
import io.vec2text.Evidence;
import io.vec2text.InversionResult;
import io.vec2text.StopReason;
import io.vec2text.StoredPrecision;
import io.vec2text.Verdict;
import io.vec2text.internal.OwnerOnly;
import io.vec2text.sources.LineReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Results of inversions on disk, so that a run that was killed goes on where it was.
 *
 * <p>A line is a result; lines are only ever appended, so that whatever a kill leaves is a number
 * of whole lines and at most one torn one, which is cut off. Files hold what was recovered and are
 * readable by their owner alone.
 */
final class Journal implements Closeable {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final int MAX_LINE = 1 << 26;

  private final Path file;
  private final FileChannel channel;

  /** A line. */
  private record Entry(@Nullable String vector, @Nullable Saved result) {}

  /** A result as it is written; what is missing of one is null or 0. */
  private record Saved(
      String text,
      double cosine,
      Verdict verdict,
      List<InversionResult.Alternative> alternatives,
      List<InversionResult.WordProbability> words,
      InversionResult.@Nullable PredictedWords predictedWords,
      double vectorNorm,
      StoredPrecision stored,
      InversionResult.Cost cost,
      StopReason stop,
      List<InversionResult.Round> trace,
      List<Evidence> evidence) {

    static Saved of(InversionResult r) {
      return new Saved(
          r.text(),
          r.cosine(),
          r.verdict(),
          r.alternatives(),
          r.words(),
          r.predictedWords().orElse(null),
          r.vectorNorm(),
          r.stored(),
          r.cost(),
          r.stop(),
          r.trace(),
          r.evidence());
    }

    /** Throws a NullPointerException where something is missing. */
    InversionResult result() {
      return InversionResult.builder()
          .text(text)
          .cosine(cosine)
          .verdict(verdict)
          .alternatives(alternatives)
          .words(words)
          .predictedWords(predictedWords)
          .vectorNorm(vectorNorm)
          .stored(stored)
          .cost(cost)
          .stop(stop)
          .trace(trace)
          .evidence(evidence)
          .build();
    }
  }

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
    // Not closed: that would close the channel.
    LineReader lines = LineReader.of(file.toString(), Channels.newInputStream(channel), MAX_LINE);
    long end = 0;
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      if (lines.terminated()) {
        parse(line, lines, results);
        end = lines.offset();
      }
    }
    channel.truncate(end);
    channel.position(end);
    return results;
  }

  private void parse(byte[] line, LineReader lines, Map<String, InversionResult> results)
      throws IOException {
    try {
      // Decoded here, or bytes that look like UTF-32 would be read as that.
      Entry entry = JSON.readValue(lines.decode(line), Entry.class);
      results.put(requireNonNull(entry.vector), requireNonNull(entry.result).result());
    } catch (JsonProcessingException | RuntimeException e) {
      // Without its message, which may hold a text.
      throw new IOException(
          file
              + ": line "
              + lines.line()
              + " is damaged or no result of an inversion; remove it to go on");
    }
  }

  void write(String vector, InversionResult result) throws IOException {
    byte[] line = JSON.writeValueAsBytes(new Entry(vector, Saved.of(result)));
    ByteBuffer bytes = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new IOException(file + ": can't be written: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
