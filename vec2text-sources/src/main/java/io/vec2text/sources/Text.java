package io.vec2text.sources;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.Map;

/**
 * A source read as text.
 *
 * @param source its bytes
 * @param charset their encoding
 * @param mark the length of the byte order mark
 */
record Text(Source source, Charset charset, int mark) {
  private static final Charset UTF_32LE = Charset.forName("UTF-32LE");
  private static final Charset UTF_32BE = Charset.forName("UTF-32BE");

  /** Tells the encoding: by a mark, by zeros between ASCII characters, or by being UTF-8. */
  static Text of(Source source) {
    byte[] head = source.head();
    // UTF-32's mark begins with that of UTF-16.
    for (Map.Entry<Charset, int[]> e :
        Map.of(UTF_32LE, new int[] {0xFF, 0xFE, 0, 0}, UTF_32BE, new int[] {0, 0, 0xFE, 0xFF})
            .entrySet()) {
      if (Foreign.startsWith(head, e.getValue())) {
        return new Text(source, e.getKey(), 4);
      }
    }
    if (Foreign.startsWith(head, 0xFF, 0xFE)) {
      return new Text(source, UTF_16LE, 2);
    }
    if (Foreign.startsWith(head, 0xFE, 0xFF)) {
      return new Text(source, UTF_16BE, 2);
    }
    if (Foreign.startsWith(head, 0xEF, 0xBB, 0xBF)) {
      return new Text(source, UTF_8, 3);
    }
    if (head.length >= 4 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0) {
      return new Text(source, UTF_16LE, 0);
    }
    if (head.length >= 4 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0) {
      return new Text(source, UTF_16BE, 0);
    }
    return new Text(source, isUtf8(head) ? UTF_8 : Charset.forName("windows-1252"), 0);
  }

  private static boolean isUtf8(byte[] head) {
    CharBuffer chars = CharBuffer.allocate(head.length + 1);
    CoderResult result =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(head), chars, false);
    return !result.isError();
  }

  /** Whether this is no text at all. */
  boolean isBinary() {
    String head = head();
    int n = Math.min(head.length(), 1 << 14);
    int controls = 0;
    for (int i = 0; i < n; i++) {
      char c = head.charAt(i);
      controls += c == 0xFFFD || (c < ' ' && c != '\t' && c != '\n' && c != '\r') ? 1 : 0;
    }
    return controls * 20L > n;
  }

  /** The text of the head; its last character may be broken. */
  String head() {
    byte[] head = source.head();
    return new String(head, mark, head.length - mark, charset);
  }

  /** The encoding, where it is worth a word. */
  String note() {
    return charset.equals(UTF_8) ? "" : "read as " + charset.name();
  }

  Reader open() throws IOException {
    return reader(source.open());
  }

  Reader openLast() throws IOException {
    return reader(source.openLast());
  }

  private Reader reader(InputStream in) throws IOException {
    in.readNBytes(mark);
    return new InputStreamReader(in, charset);
  }
}
