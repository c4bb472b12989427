package io.vec2text.sources.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.primitives.Longs;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks version 2 of the protocol of Redis: a command is an array of byte
 * strings, and a reply a text, an error, a number, a byte string or an array of replies.
 */
final class RespConnection implements Closeable {
  /** Longer byte strings are no vectors. */
  private static final long MAX_BYTES = 1 << 24;

  private static final int MAX_ELEMENTS = 1 << 20;
  private static final int MAX_LINE = 1 << 16;
  private static final int MAX_DEPTH = 4;

  private final Socket socket;
  private final InputStream in;

  /** What came is not of the protocol. */
  static final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1;

    ProtocolException(String problem) {
      super(problem);
    }
  }

  /** A reply. */
  sealed interface Reply {}

  /** A short text. */
  record Status(String text) implements Reply {}

  /** That a command was refused; the text begins with a word in capitals that says why. */
  record Refusal(String text) implements Reply {
    boolean is(String word) {
      return text.startsWith(word + " ") || text.equals(word);
    }
  }

  /** A whole number. */
  record Whole(long value) implements Reply {}

  /** Bytes; null for nothing. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Bytes(byte @Nullable [] value) implements Reply {
    String text() {
      return value == null ? "" : new String(value, UTF_8);
    }
  }

  /** Replies; none in place of a missing array, too. */
  record Replies(List<Reply> list) implements Reply {}

  RespConnection(Socket socket) throws IOException {
    this.socket = socket;
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
  }

  /** A command of texts. */
  static List<byte[]> command(String... words) {
    List<byte[]> command = new ArrayList<>();
    for (String word : words) {
      command.add(word.getBytes(UTF_8));
    }
    return command;
  }

  /** Sends commands in one go, and reads the reply to each. */
  List<Reply> send(List<List<byte[]>> commands) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (List<byte[]> command : commands) {
      out.writeBytes(("*" + command.size() + "\r\n").getBytes(UTF_8));
      for (byte[] word : command) {
        out.writeBytes(("$" + word.length + "\r\n").getBytes(UTF_8));
        out.writeBytes(word);
        out.writeBytes(new byte[] {'\r', '\n'});
      }
    }
    socket.getOutputStream().write(out.toByteArray());
    socket.getOutputStream().flush();
    List<Reply> replies = new ArrayList<>();
    for (int i = 0; i < commands.size(); i++) {
      replies.add(read(0));
    }
    return replies;
  }

  private Reply read(int depth) throws IOException {
    int type = in.read();
    if (type < 0) {
      throw new EOFException("it was closed by the server");
    }
    String line = line();
    return switch (type) {
      case '+' -> new Status(line);
      case '-' -> new Refusal(line);
      case ':' -> new Whole(number(line));
      case '$' -> new Bytes(bytes(number(line)));
      case '*' -> replies(number(line), depth);
      default -> throw new ProtocolException("gave no reply of the protocol of Redis");
    };
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\r'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("it was closed by the server");
      }
      if (line.size() == MAX_LINE || b == '\n') {
        throw new ProtocolException("gave no reply of the protocol of Redis");
      }
      line.write(b);
    }
    end(in.read());
    return line.toString(UTF_8);
  }

  private static void end(int b) throws IOException {
    if (b != '\n') {
      throw new ProtocolException("gave no reply of the protocol of Redis");
    }
  }

  private static long number(String line) throws IOException {
    Long number = Longs.tryParse(line);
    if (number == null) {
      throw new ProtocolException("gave no reply of the protocol of Redis");
    }
    return number;
  }

  private byte @Nullable [] bytes(long length) throws IOException {
    if (length < 0) {
      return null;
    }
    if (length > MAX_BYTES) {
      throw new ProtocolException("has a value of " + length + " bytes, expected a vector");
    }
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new EOFException("it was closed by the server");
    }
    if (in.read() != '\r') {
      throw new ProtocolException("gave no reply of the protocol of Redis");
    }
    end(in.read());
    return bytes;
  }

  private Replies replies(long length, int depth) throws IOException {
    if (length > MAX_ELEMENTS || depth == MAX_DEPTH) {
      throw new ProtocolException("gave a reply of more parts than it was asked for");
    }
    List<Reply> replies = new ArrayList<>();
    for (long i = 0; i < length; i++) {
      replies.add(read(depth + 1));
    }
    return new Replies(replies);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
