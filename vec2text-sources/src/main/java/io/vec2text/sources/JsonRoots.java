package io.vec2text.sources;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.vec2text.sources.internal.Limits;
import io.vec2text.sources.internal.ListText;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import org.jspecify.annotations.Nullable;

/**
 * The values of a text that do not stand within others. Where each line has its own, a broken one
 * does not keep those of the next lines from being read.
 */
final class JsonRoots implements Closeable {
  // Not strict where nothing else could be meant. NaN and Infinity, as Python writes them, are an
  // error of their vector that says what it is. Names are ids at times, and not to be kept.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .enable(JsonReadFeature.ALLOW_RS_CONTROL_CHAR)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Limits.MAX_DEPTH)
                  .maxNumberLength(Limits.MAX_NUMBER)
                  .maxStringLength(Limits.MAX_TEXT)
                  .maxNameLength(1 << 16)
                  .build())
          .build();

  private final Reader text;
  private final @Nullable LineFeed lines;
  private @Nullable JsonParser parser;

  /** Whether the parser stands at the first token of a value that {@link #next()} has to give. */
  private boolean begun;

  /**
   * The values of a text, which is closed with this.
   *
   * @param byLines whether each line has its own
   */
  JsonRoots(Reader text, boolean byLines) {
    this.text = text;
    lines = byLines ? new LineFeed(text) : null;
  }

  /**
   * Goes to the next value.
   *
   * @return a parser that stands at its first token; null at the end
   */
  @Nullable JsonParser next() throws IOException {
    while (true) {
      JsonParser current = parser;
      if (current == null) {
        if (lines != null && !lines.nextLine()) {
          return null;
        }
        current = JSON.createParser(lines == null ? text : lines);
        parser = current;
      }
      if (begun || current.nextToken() != null) {
        begun = false;
        return current;
      }
      if (lines == null) {
        return null;
      }
      drop();
    }
  }

  /** The parser within a value, or that of the next value if the last one is at its end. */
  @Nullable JsonParser next(boolean atEnd) throws IOException {
    return atEnd ? next() : parser;
  }

  /** Checks that a line ends after a value, or goes on with another one. */
  void endLine() throws IOException {
    if (lines != null && parser != null && !begun) {
      begun = parser.nextToken() != null;
      if (!begun) {
        drop();
      }
    }
  }

  /** Gives up the rest of a line after an error; false if there are no lines to go on with. */
  boolean recover() throws IOException {
    drop();
    return lines != null;
  }

  /** Lets a line's parser go, and its buffers be used again. */
  private void drop() throws IOException {
    begun = false;
    if (parser != null && lines != null) {
      parser.close();
    }
    parser = null;
  }

  /** The line of the present token, from 1. */
  long line() {
    JsonParser current = parser;
    long within = current == null ? 1 : current.currentTokenLocation().getLineNr();
    return lines == null ? within : lines.line();
  }

  /** Where an error is, and what. */
  String problem(JsonProcessingException e) {
    long column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
    long line =
        lines != null ? lines.line() : e.getLocation() == null ? 0 : e.getLocation().getLineNr();
    String reason = e.getOriginalMessage() == null ? "" : e.getOriginalMessage();
    int end = reason.indexOf('\n') < 0 ? reason.length() : reason.indexOf('\n');
    if (reason.startsWith("Unexpected end-of-input")) {
      reason = "Unexpected end-of-input";
      end = reason.length();
    }
    int shortened = reason.indexOf(": expected");
    String start = lines == null ? "" : lines.start().strip();
    if (lines != null && !start.isEmpty() && ListText.isMissing(start)) {
      return "line " + line + ": is " + start + ", no vector";
    }
    return "line %d: not JSON at column %d: %s"
        .formatted(line, column, reason.substring(0, shortened >= 0 ? shortened : end));
  }

  /** The blank lines so far. */
  long blankLines() {
    return lines == null ? 0 : lines.blankLines();
  }

  /** How much was read, in characters. */
  long position() {
    JsonParser current = parser;
    return lines != null
        ? lines.position()
        : current == null ? 0 : current.currentLocation().getCharOffset();
  }

  /**
   * Whether a text has a value a line: its first line is a whole value, or longer than the text, or
   * some later line is one although the text as a whole is broken.
   */
  static boolean areLines(String head, boolean headIsAll) {
    int complete = 0;
    boolean first = true;
    for (int from = 0; from < head.length(); ) {
      int end = head.indexOf('\n', from);
      if (end < 0 && !headIsAll) {
        // Cut off.
        return first || complete > 0;
      }
      String line = head.substring(from, end < 0 ? head.length() : end).strip();
      if (!line.isEmpty()) {
        boolean isValue = (first || ListText.opens(line.charAt(0))) && isValue(line);
        if (first && isValue) {
          return true;
        }
        complete += isValue ? 1 : 0;
        if (complete > 0) {
          return isBroken(head, headIsAll);
        }
        first = false;
      }
      from = end < 0 ? head.length() : end + 1;
    }
    return false;
  }

  /** Whether a line of a text is a whole object. */
  static boolean hasObjects(String head) {
    return head.lines().map(String::strip).anyMatch(l -> l.startsWith("{") && isValue(l));
  }

  /** Whether a text is one whole JSON value. */
  private static boolean isValue(String line) {
    try (JsonParser p = JSON.createParser(line)) {
      p.nextToken();
      p.skipChildren();
      return p.currentToken() != null && p.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether a text is no sequence of JSON values; it may end within one unless it is all. */
  static boolean isBroken(String head, boolean headIsAll) {
    try (JsonParser p = JSON.createParser(new StringReader(head))) {
      while (p.nextToken() != null) {
        // Only looking whether it goes on.
      }
      return false;
    } catch (JsonEOFException e) {
      return headIsAll;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
