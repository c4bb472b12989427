package io.vec2text.cli;

import io.vec2text.internal.OwnerOnly;
import io.vec2text.sources.LineReader;
import io.vec2text.sources.Place;
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
import java.util.Optional;
import java.util.Set;

/**
 * A file of results that can be continued after the process was killed at any moment.
 *
 * <p>Line k, after a header, is the result of vector k. Lines are only ever appended, so whatever a
 * kill leaves is a number of whole lines and at most one torn one, which is cut off when the run is
 * continued. While the file is not complete, a {@link Fingerprint} lies beside it. Whoever opens
 * the file has claimed it of {@link Outputs}.
 */
final class OutputFile implements LineSink, Closeable {
  private static final int MAX_LINE = 1 << 26;

  private final Path file;
  private final ResultLines form;
  private final FileChannel channel;
  private long count;
  private byte[] last = new byte[0];

  private OutputFile(Path file, ResultLines form, FileChannel channel) {
    this.file = file;
    this.form = form;
    this.channel = channel;
  }

  /** Whether a file is there and nothing says that it is not complete. */
  static boolean mayBeComplete(Path file) {
    return Outputs.exists(file) && !Outputs.exists(Outputs.sidecar(file));
  }

  /**
   * Counts the lines of a file to which nothing is to be added.
   *
   * @param tally hears what they hold
   * @throws CliException if the file holds anything else than results
   */
  static long count(Path file, ResultLines form, Tally tally) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      OutputFile lines = new OutputFile(file, form, channel);
      if (lines.readLines(tally) < channel.size()) {
        throw new CliException(
            file + ": ends in half a line, and there is no " + missing(file) + " to continue it");
      }
      return lines.count;
    }
  }

  private static String missing(Path file) {
    return Outputs.sidecar(file).getFileName() + " beside it";
  }

  /** Begins a file, in place of any that is there. */
  static OutputFile create(Path file, ResultLines form, Fingerprint fingerprint, Outputs outputs)
      throws IOException {
    // Before the new fingerprint is there, or a kill in between would vouch for the old lines.
    Files.deleteIfExists(file);
    fingerprint.write(Outputs.sidecar(file), outputs);
    return new OutputFile(file, form, OwnerOnly.create(file)).from(0);
  }

  /**
   * Continues a file, or begins it if there is none.
   *
   * @param tally hears what its lines hold
   * @throws CliException if the file is not what the same run left; it is not changed then
   */
  static OutputFile resume(
      Path file, ResultLines form, Fingerprint fingerprint, Outputs outputs, Tally tally)
      throws IOException {
    if (Outputs.exists(Outputs.sidecar(file))) {
      fingerprint.check(Outputs.sidecar(file));
    }
    if (!Outputs.exists(file)) {
      return create(file, form, fingerprint, outputs);
    }
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    OutputFile output = new OutputFile(file, form, channel);
    boolean continued = false;
    try {
      output.from(output.readLines(tally));
      continued = true;
      return output;
    } finally {
      if (!continued) {
        channel.close();
      }
    }
  }

  /** Cuts off what is behind whole lines, and goes on there. */
  private OutputFile from(long end) throws IOException {
    channel.truncate(end);
    channel.position(end);
    if (end == 0) {
      append(form.header());
    }
    return this;
  }

  /** Counts the whole lines, and returns where they end. */
  private long readLines(Tally tally) throws IOException {
    // Not closed: that would close the channel.
    InputStream in = Channels.newInputStream(channel);
    LineReader lines = LineReader.of(file.toString(), in, MAX_LINE);
    boolean inHeader = form.header().length > 0;
    long end = 0;
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      boolean fits = inHeader ? isHeader(line, lines.terminated()) : fits(line, lines, tally);
      if (!fits) {
        throw new CliException(
            file
                + ": line "
                + lines.line()
                + (inHeader ? " is not the header" : " is not the result of vector " + count)
                + " that this command writes; --force begins the file again");
      }
      if (lines.terminated()) {
        end = lines.offset();
        last = line;
        count += inHeader ? 0 : 1;
        inHeader = false;
      }
    }
    return end;
  }

  private boolean isHeader(byte[] line, boolean whole) {
    byte[] header = form.header();
    return (!whole || line.length == header.length - 1)
        && Arrays.equals(line, 0, line.length, header, 0, Math.min(line.length, header.length));
  }

  private boolean fits(byte[] line, LineReader lines, Tally tally) {
    if (!lines.terminated()) {
      return isTorn(line);
    }
    Optional<ResultLines.Written> written = form.read(line, count);
    written.ifPresent(tally::add);
    return written.isPresent();
  }

  /** Whether a last line without its end is what the next result begins with. */
  private boolean isTorn(byte[] line) {
    byte[] start = form.start(count).getBytes(StandardCharsets.UTF_8);
    int n = Math.min(start.length, line.length);
    return Arrays.equals(start, 0, n, line, 0, n);
  }

  /** The lines that the file holds. */
  long count() {
    return count;
  }

  /** Whether the last line that was found when it was continued is of the row at a place. */
  boolean endsWith(Place place) {
    return form.isOf(last, place);
  }

  @Override
  public void write(byte[] line) throws IOException {
    append(line);
    count++;
  }

  private void append(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw Outputs.failed(file, e);
    }
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
