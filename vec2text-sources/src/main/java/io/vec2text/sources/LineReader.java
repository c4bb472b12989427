package io.vec2text.sources;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file line by line, as bytes, holding no more than one line. Lines end in a line feed,
 * with or without a carriage return before it; a byte order mark at the very start is dropped.
 */
public final class LineReader implements Closeable {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final String name;
  private final InputStream in;
  private final int maxBytes;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private long line;
  private long offset;
  private boolean terminated;

  private LineReader(String name, InputStream in, int maxBytes) {
    this.name = name;
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /**
   * Opens a file.
   *
   * @param maxBytes the longest line to accept
   */
  public static LineReader open(Path file, int maxBytes) throws IOException {
    return of(file.toString(), Files.newInputStream(file), maxBytes);
  }

  /**
   * Reads a stream.
   *
   * @param name the stream's name in messages
   * @param in the stream; it is closed with this reader
   * @param maxBytes the longest line to accept
   */
  public static LineReader of(String name, InputStream in, int maxBytes) {
    return new LineReader(name, in, maxBytes);
  }

  /**
   * Reads a line.
   *
   * @return its bytes without its end, or null after the last line
   * @throws VectorFileException if the line is too long
   */
  public byte @Nullable [] next() throws IOException {
    if (position == limit && !fill()) {
      return null;
    }
    line++;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    terminated = false;
    do {
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      if (bytes.size() + (end - position) > maxBytes) {
        throw new VectorFileException(
            name, "line " + line + " is too long, expected at most " + maxBytes + " bytes");
      }
      bytes.write(buffer, position, end - position);
      terminated = end < limit;
      offset += end - position + (terminated ? 1 : 0);
      position = terminated ? end + 1 : end;
    } while (!terminated && fill());
    return trim(bytes.toByteArray());
  }

  private byte[] trim(byte[] bytes) {
    int from = 0;
    int to = bytes.length;
    if (line == 1 && startsWith(bytes, BYTE_ORDER_MARK)) {
      from = BYTE_ORDER_MARK.length;
    }
    if (terminated && to > from && bytes[to - 1] == '\r') {
      to--;
    }
    return from == 0 && to == bytes.length ? bytes : Arrays.copyOfRange(bytes, from, to);
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }

  /**
   * Decodes a line that {@link #next()} returned.
   *
   * @throws VectorFileException if it is not UTF-8
   */
  public String decode(byte[] bytes) throws VectorFileException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new VectorFileException(name, "line " + line + " is not UTF-8", e);
    }
  }

  /** The number of the line read last, from 1. */
  public long line() {
    return line;
  }

  /** The bytes of the file up to the end of the line read last. */
  public long offset() {
    return offset;
  }

  /** Whether the line read last ended in a line feed, and not in the end of the file. */
  public boolean terminated() {
    return terminated;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
