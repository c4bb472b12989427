package io.vec2text.sources.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Plays Redis: hashes in the order in which they were put, and whatever else it is told to reply.
 * Cursors of SCAN are numbers of keys.
 */
final class FakeRedis implements Closeable {
  /** Closes the connection in place of a reply. */
  static final String CUT = "cut";

  /** Replies nothing. */
  static final String SILENCE = "silence";

  /** Replies as it should. */
  static final String AS_USUAL = "";

  private final ServerSocket server;
  private final Map<String, Map<String, byte[]>> hashes = new LinkedHashMap<>();
  private final Deque<String> faults = new ArrayDeque<>();
  private final List<Socket> open = new ArrayList<>();

  /** The commands that came, words with blanks between. */
  final ConcurrentLinkedQueue<String> commands = new ConcurrentLinkedQueue<>();

  FakeRedis() throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  /** Serves what connects to a socket, which is closed with this. */
  FakeRedis(ServerSocket server) {
    this.server = server;
    start(this::accept);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "fake-redis");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  synchronized void put(String key, Map<String, byte[]> fields) {
    hashes.put(key, fields);
  }

  synchronized void clear() {
    hashes.clear();
  }

  synchronized void remove(String key) {
    hashes.remove(key);
  }

  /** What the next commands are replied. */
  synchronized void then(String... replies) {
    faults.addAll(List.of(replies));
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = server.accept();
        synchronized (this) {
          open.add(socket);
        }
        start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (List<byte[]> words = read(in); !words.isEmpty(); words = read(in)) {
        commands.add(String.join(" ", words.stream().map(w -> new String(w, UTF_8)).toList()));
        String fault;
        synchronized (this) {
          fault = faults.isEmpty() ? AS_USUAL : faults.pop();
        }
        if (fault.equals(CUT)) {
          return;
        }
        if (fault.equals(AS_USUAL)) {
          socket.getOutputStream().write(reply(words));
        } else if (!fault.equals(SILENCE)) {
          socket.getOutputStream().write((fault + "\r\n").getBytes(UTF_8));
        }
      }
    } catch (IOException e) {
      // The client is gone.
    }
  }

  private static List<byte[]> read(InputStream in) throws IOException {
    List<byte[]> words = new ArrayList<>();
    int count = number(in);
    for (int i = 0; i < count; i++) {
      words.add(in.readNBytes(number(in)));
      in.skipNBytes(2);
    }
    return words;
  }

  /** The number in a line that begins with the kind of what follows; 0 at the end. */
  private static int number(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return 0;
      }
      line.append((char) b);
    }
    return Integer.parseInt(line.substring(1).strip());
  }

  private synchronized byte[] reply(List<byte[]> words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String command = new String(words.get(0), UTF_8);
    Map<String, byte[]> hash =
        words.size() < 2
            ? Map.of()
            : hashes.getOrDefault(new String(words.get(1), UTF_8), Map.of());
    switch (command) {
      case "AUTH", "SELECT" -> line(out, "+OK");
      case "INFO" -> bytes(out, "# Cluster\r\ncluster_enabled:0\r\n".getBytes(UTF_8));
      case "TYPE" -> line(out, hash.isEmpty() ? "+none" : "+hash");
      case "HKEYS" -> {
        line(out, "*" + hash.size());
        hash.keySet().forEach(field -> bytes(out, field.getBytes(UTF_8)));
      }
      case "HSTRLEN" -> line(out, ":" + hash.getOrDefault(text(words, 2), new byte[0]).length);
      case "HMGET" -> {
        line(out, "*" + (words.size() - 2));
        for (int i = 2; i < words.size(); i++) {
          byte[] value = hash.get(text(words, i));
          if (value == null) {
            line(out, "$-1");
          } else {
            bytes(out, value);
          }
        }
      }
      case "SCAN" -> scan(words, out);
      default -> line(out, "-ERR unknown command '" + command + "'");
    }
    return out.toByteArray();
  }

  private void scan(List<byte[]> words, ByteArrayOutputStream out) {
    int from = Integer.parseInt(text(words, 1));
    int to = Math.min(hashes.size(), from + Integer.parseInt(text(words, 5)));
    String pattern = text(words, 3).replaceAll("\\\\(.)", "$1");
    List<String> keys =
        new ArrayList<>(hashes.keySet())
            .subList(from, to).stream()
                .filter(key -> key.startsWith(pattern.substring(0, pattern.length() - 1)))
                .toList();
    line(out, "*2");
    bytes(out, Integer.toString(to == hashes.size() ? 0 : to).getBytes(UTF_8));
    line(out, "*" + keys.size());
    keys.forEach(key -> bytes(out, key.getBytes(UTF_8)));
  }

  private static String text(List<byte[]> words, int i) {
    return new String(words.get(i), UTF_8);
  }

  private static void line(ByteArrayOutputStream out, String line) {
    out.writeBytes((line + "\r\n").getBytes(ISO_8859_1));
  }

  private static void bytes(ByteArrayOutputStream out, byte[] value) {
    line(out, "$" + value.length);
    out.writeBytes(value);
    line(out, "");
  }

  /** Takes no more connections, and ends those that are open. */
  @Override
  public void close() {
    try {
      server.close();
      synchronized (this) {
        for (Socket socket : open) {
          socket.close();
        }
      }
    } catch (IOException e) {
      // It is gone.
    }
  }
}
