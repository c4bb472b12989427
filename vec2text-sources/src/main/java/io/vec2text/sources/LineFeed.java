package io.vec2text.sources;

import java.io.IOException;
import java.io.Reader;

/** Gives the lines of a text as texts of their own, without holding any. */
final class LineFeed extends Reader {
  private static final int START = 32;

  private final Reader text;
  private final char[] buffer = new char[1 << 13];
  private int at;
  private int end;
  private long before;
  private long line;
  private long blankLines;
  private boolean inLine;
  private final StringBuilder start = new StringBuilder();

  LineFeed(Reader text) {
    this.text = text;
  }

  /** Goes to the next line that is not blank; false at the end. */
  boolean nextLine() throws IOException {
    while (inLine) {
      char c = peek();
      inLine = !isEnd(c);
      at += inLine ? 1 : 0;
    }
    if (line > 0 && at < end) {
      at++; // the line's end
    }
    line++;
    while (at < end || fill()) {
      char c = buffer[at];
      if (c == '\n') {
        line++;
        blankLines++;
        at++;
      } else if (c <= ' ' || c == '\uFEFF') {
        at++;
      } else {
        inLine = true;
        start.setLength(0);
        return true;
      }
    }
    return false;
  }

  /** The next character, which is left where it is; a line feed at the end of the text. */
  private char peek() throws IOException {
    return at < end || fill() ? buffer[at] : '\n';
  }

  private static boolean isEnd(char c) {
    return c == '\n';
  }

  private boolean fill() throws IOException {
    before += end;
    at = 0;
    end = Math.max(0, text.read(buffer));
    return end > 0;
  }

  @Override
  public int read(char[] chars, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!inLine || isEnd(peek())) {
      inLine = false;
      return -1;
    }
    int most = Math.min(end, at + length);
    int to = at;
    while (to < most && buffer[to] != '\n') {
      to++;
    }
    int n = to - at;
    System.arraycopy(buffer, at, chars, offset, n);
    at = to;
    start.append(chars, offset, Math.min(n, Math.max(0, START - start.length())));
    return n;
  }

  /** The first characters of the line, as far as they were read. */
  String start() {
    return start.toString();
  }

  /** The number of the line, from 1. */
  long line() {
    return line;
  }

  /** The blank lines so far. */
  long blankLines() {
    return blankLines;
  }

  /** The characters so far. */
  long position() {
    return before + at;
  }

  @Override
  public void close() {}
}
