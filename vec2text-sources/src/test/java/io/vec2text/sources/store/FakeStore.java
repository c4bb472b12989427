package io.vec2text.sources.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.Splitter;
import com.sun.net.httpserver.HttpExchange;
import io.vec2text.testing.LoopbackServer;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * A store on this machine. It answers as it is told to, once each, before it answers as it should.
 */
final class FakeStore implements AutoCloseable {
  /** What came in. */
  record Request(String method, String path, String query, JsonNode body, HttpExchange exchange) {
    /** The values of a parameter. */
    List<String> all(String name) {
      List<String> values = new ArrayList<>();
      for (String pair : Splitter.on('&').omitEmptyStrings().split(query)) {
        int equals = pair.indexOf('=');
        if (pair.substring(0, equals).equals(name)) {
          values.add(URLDecoder.decode(pair.substring(equals + 1), UTF_8));
        }
      }
      return values;
    }

    String parameter(String name, String otherwise) {
      List<String> values = all(name);
      return values.isEmpty() ? otherwise : values.get(0);
    }

    String header(String name) {
      return String.valueOf(exchange.getRequestHeaders().getFirst(name));
    }
  }

  /** What goes out. */
  record Answer(int status, String body) {
    static Answer ok(JsonNode body) {
      return new Answer(200, body.toString());
    }
  }

  /** What a store of its kind answers. */
  interface Handler {
    Answer answer(Request request) throws IOException;
  }

  /** Answers a request otherwise. */
  interface Reply {
    void to(Request request) throws IOException;
  }

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Deque<Reply> script = new ConcurrentLinkedDeque<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Handler handler;
  private final LoopbackServer server;

  /** Requests that are answered as they should be, before all others fail. */
  private volatile int answered = Integer.MAX_VALUE;

  FakeStore(Handler handler) {
    this.handler = handler;
    server = new LoopbackServer("/", this::handle);
  }

  String address() {
    return "127.0.0.1:" + server.port();
  }

  /** All requests so far. */
  List<Request> requests() {
    return requests;
  }

  /** Answers the next requests otherwise. */
  void then(Reply... replies) {
    script.addAll(List.of(replies));
  }

  /** Cuts all connections from some request on. */
  void vanishAfter(int count) {
    answered = requests.size() + count;
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String query = exchange.getRequestURI().getRawQuery();
    Request request =
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            query == null ? "" : query,
            body.length == 0 ? RestClient.JSON.missingNode() : RestClient.JSON.readTree(body),
            exchange);
    requests.add(request);
    if (requests.size() > answered) {
      return;
    }
    Reply reply = script.poll();
    if (reply != null) {
      reply.to(request);
    } else {
      Answer answer = handler.answer(request);
      LoopbackServer.answer(exchange, answer.status(), answer.body());
    }
  }

  /** Answers with a status. */
  static Reply status(int status, String body) {
    return request -> LoopbackServer.answer(request.exchange(), status, body);
  }

  /** Answers with a status and a header. */
  static Reply status(int status, String header, String value) {
    return request -> {
      request.exchange().getResponseHeaders().add(header, value);
      LoopbackServer.answer(request.exchange(), status, "");
    };
  }

  /** Sends half of the right answer, and cuts the connection. */
  Reply cut() {
    return request -> {
      byte[] bytes = handler.answer(request).body().getBytes(UTF_8);
      request.exchange().sendResponseHeaders(200, bytes.length);
      request.exchange().getResponseBody().write(bytes, 0, bytes.length / 2);
      request.exchange().getResponseBody().flush();
    };
  }

  /** Never answers. */
  Reply silence() {
    return request -> {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  @Override
  public void close() {
    closed.countDown();
    server.close();
  }
}
