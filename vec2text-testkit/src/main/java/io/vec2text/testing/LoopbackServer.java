package io.vec2text.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server on this machine, of which a test says what it answers. */
public final class LoopbackServer implements AutoCloseable {
  static {
    // Or each answer waits 40 ms for the acknowledgement of its headers.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final HttpServer server;

  /**
   * Starts a server on a free port.
   *
   * @param path the path that it answers, and those below it
   * @param handler answers a request, each on a thread of its own; the exchange is closed for it
   */
  public LoopbackServer(String path, HttpHandler handler) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            handler.handle(exchange);
          }
        });
    server.setExecutor(executor);
    server.start();
  }

  /** The port that it listens on, of {@code localhost}. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Answers with a text, which may be empty. */
  public static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
