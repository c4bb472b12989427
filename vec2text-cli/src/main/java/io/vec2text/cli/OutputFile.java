package io.vec2text.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vec2text.internal.OwnerOnly;
import io.vec2text.sources.LineReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;

/**
 * A file of results that can be continued after the process was killed at any moment.
 *
 * <p>Line k is the result of vector k. Lines are only ever appended, so whatever a kill leaves is a
 * number of whole lines and at most one torn one, which is cut off when the run is continued. While
 * the file is not complete, a {@link Fingerprint} lies beside it under its name with {@code
 * .resume}. Whoever opens it has claimed it of {@link Outputs}.
 */
final class OutputFile implements LineSink, Closeable {
  private static final int MAX_LINE = 1 << 26;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Path file;
  private final FileChannel channel;
  private long count;
  private long failed;

  private OutputFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Checks, before any work is done, that an existing output is one to continue. */
  static void checkResumable(Path file, boolean resume) {
    if (resume && Outputs.exists(file) && !Outputs.exists(Outputs.sidecar(file))) {
      throw new CliException(
          file
              + ": is complete or no output of this command, there is no "
              + Outputs.sidecar(file).getFileName()
              + " beside it to continue from");
    }
  }

  /** Begins a file, in place of any that is there. */
  static OutputFile create(Path file, Fingerprint fingerprint, Outputs outputs) throws IOException {
    // Before the new fingerprint is there, or a kill in between would vouch for the old lines.
    Files.deleteIfExists(file);
    fingerprint.write(Outputs.sidecar(file), outputs);
    return new OutputFile(file, OwnerOnly.create(file));
  }

  /**
   * Continues a file, or begins it if there is none.
   *
   * @throws CliException if the file is not what the same run left; it is not changed then
   */
  static OutputFile resume(Path file, Fingerprint fingerprint, Outputs outputs) throws IOException {
    checkResumable(file, true);
    if (Outputs.exists(Outputs.sidecar(file))) {
      fingerprint.check(Outputs.sidecar(file));
    }
    if (!Outputs.exists(file)) {
      return create(file, fingerprint, outputs);
    }
    OutputFile output =
        new OutputFile(
            file,
            FileChannel.open(
                file,
                Set.of(
                    StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)));
    boolean continued = false;
    try {
      output.readLines();
      continued = true;
      return output;
    } finally {
      if (!continued) {
        output.channel.close();
      }
    }
  }

  /** Counts the whole lines, and cuts off a torn one. */
  private void readLines() throws IOException {
    // Not closed: that would close the channel.
    InputStream in = Channels.newInputStream(channel);
    LineReader lines = LineReader.of(file.toString(), in, MAX_LINE);
    long end = 0;
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      if (!(lines.terminated() ? isResult(line) : isTorn(line))) {
        throw new CliException(
            file + ": line " + lines.line() + " is not the result of vector " + count);
      }
      if (lines.terminated()) {
        end = lines.offset();
        count++;
      }
    }
    channel.truncate(end);
    channel.position(end);
  }

  private boolean isResult(byte[] line) throws IOException {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      return false;
    }
    boolean error = node.path("error").isTextual();
    if (error) {
      failed++;
    }
    return node.path("index").isIntegralNumber()
        && node.path("index").longValue() == count
        && (error || (node.path("text").isTextual() && node.path("cosine").isNumber()));
  }

  /** Whether a last line without its end is what the next result begins with. */
  private boolean isTorn(byte[] line) {
    byte[] start = ("{\"index\":" + count + ",").getBytes(StandardCharsets.UTF_8);
    int n = Math.min(start.length, line.length);
    return Arrays.equals(start, 0, n, line, 0, n);
  }

  /** The lines that the file holds. */
  long count() {
    return count;
  }

  /** How many of the lines that were there already are errors. */
  long failed() {
    return failed;
  }

  @Override
  public void write(byte[] line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(line);
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw Outputs.failed(file, e);
    }
    count++;
  }

  /** Says that all lines are there. */
  void complete() throws IOException {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw Outputs.failed(file, e);
    }
    Files.deleteIfExists(Outputs.sidecar(file));
  }

  /** Closes the file; one that has no line yet goes, and can be begun again. */
  @Override
  public void close() throws IOException {
    if (channel.isOpen() && count == 0) {
      Files.deleteIfExists(file);
      Files.deleteIfExists(Outputs.sidecar(file));
    }
    channel.close();
  }
}
