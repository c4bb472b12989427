package io.vec2text.eval.internal;

import io.vec2text.sources.LineReader;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tukaani.xz.XZInputStream;

/** Reads files of texts, plain or compressed, within bounds: what is read is kept in memory. */
public final class TextFiles {
  /** How the name of a compressed file ends. */
  public static final String COMPRESSED = ".xz";

  /** The longest line, in bytes. */
  static final int MAX_LINE = 1 << 20;

  /** The most bytes of a file, decompressed, and with {@link #LINE_COST} added to each line. */
  static final long MAX_TOTAL = 1L << 28;

  /** About what a text takes in memory besides its characters. */
  private static final int LINE_COST = 64;

  /** In KiB; the most that any preset of xz asks for is 65 MiB. */
  private static final int DECODER_MEMORY = 1 << 17;

  private TextFiles() {}

  /** Takes a line. */
  @FunctionalInterface
  public interface Consumer {
    /**
     * Takes a line.
     *
     * @param number its number, from 1
     */
    void line(String line, long number) throws IOException;
  }

  /**
   * Reads a file in UTF-8 line by line, decompressed if its name ends with {@code .xz}.
   *
   * @throws IOException if it can't be read, or is too long, or is not what its name says; the
   *     message names the file
   */
  public static void forEachLine(Path file, Consumer consumer) throws IOException {
    forEachLine(file, Files.newInputStream(file), consumer);
  }

  /** The same with the bytes of a file that was read already. */
  public static void forEachLine(Path file, byte[] bytes, Consumer consumer) throws IOException {
    forEachLine(file, new ByteArrayInputStream(bytes), consumer);
  }

  /**
   * All bytes of a file.
   *
   * @throws IOException if there are more than it may have
   */
  public static byte[] readAll(Path file) throws IOException {
    if (Files.size(file) > MAX_TOTAL) {
      throw tooLong(file);
    }
    return Files.readAllBytes(file);
  }

  private static void forEachLine(Path file, InputStream raw, Consumer consumer)
      throws IOException {
    try (raw;
        LineReader lines = LineReader.of(file.toString(), open(file, raw), MAX_LINE)) {
      long total = 0;
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        total += line.length + LINE_COST;
        if (total > MAX_TOTAL) {
          throw tooLong(file);
        }
        consumer.line(lines.decode(line), lines.line());
      }
    }
  }

  private static IOException tooLong(Path file) {
    return new IOException(
        file
            + ": is too long, expected at most "
            + (MAX_TOTAL >> 20)
            + " MiB of texts, "
            + LINE_COST
            + " bytes added for each line");
  }

  private static InputStream open(Path file, InputStream raw) throws IOException {
    if (!file.toString().endsWith(COMPRESSED)) {
      return new Named(file, raw, "can't be read");
    }
    try {
      return new Named(file, new XZInputStream(raw, DECODER_MEMORY), "can't be decompressed");
    } catch (IOException e) {
      throw named(file, "can't be decompressed", e);
    }
  }

  private static IOException named(Path file, String problem, IOException e) {
    return e instanceof FileSystemException
        ? e
        : new IOException(file + ": " + problem + ": " + e.getMessage(), e);
  }

  /** A stream whose exceptions name its file. */
  private static final class Named extends FilterInputStream {
    private final Path file;
    private final String problem;

    Named(Path file, InputStream in, String problem) {
      super(in);
      this.file = file;
      this.problem = problem;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (IOException e) {
        throw named(file, problem, e);
      }
    }
  }
}
