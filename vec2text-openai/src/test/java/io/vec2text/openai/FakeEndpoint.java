package io.vec2text.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Streams;
import com.sun.net.httpserver.HttpExchange;
import io.vec2text.testing.LoopbackServer;
import io.vec2text.testing.ToyEmbedder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * An endpoint on this machine, with the toy's vectors. It bills a token a word, and answers as it
 * is told to, once each, before it answers as it should.
 */
final class FakeEndpoint implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  /** What came in. */
  record Request(JsonNode body, String authorization) {
    List<String> texts() {
      return Streams.stream(body.get("input")).map(JsonNode::textValue).toList();
    }
  }

  /** Answers a request. */
  interface Reply {
    void to(Request request, HttpExchange exchange) throws IOException;
  }

  private final ToyEmbedder toy = new ToyEmbedder();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Deque<Reply> script = new ConcurrentLinkedDeque<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final LoopbackServer server = new LoopbackServer("/v1/embeddings", this::handle);
  private volatile Reply usual = (request, exchange) -> json(exchange, 200, answer(request));

  String url() {
    return "http://localhost:" + server.port() + "/v1";
  }

  /** All requests so far. */
  List<Request> requests() {
    return requests;
  }

  /** Answers the next requests otherwise. */
  FakeEndpoint then(Reply... replies) {
    script.addAll(List.of(replies));
    return this;
  }

  /** Answers all requests otherwise. */
  FakeEndpoint always(Reply reply) {
    usual = reply;
    return this;
  }

  private void handle(HttpExchange exchange) throws IOException {
    Request request =
        new Request(
            JSON.readTree(exchange.getRequestBody()),
            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    requests.add(request);
    Reply reply = script.poll();
    (reply == null ? usual : reply).to(request, exchange);
  }

  /** The right answer. */
  ObjectNode answer(Request request) {
    ObjectNode answer = JSON.createObjectNode().put("object", "list");
    float[][] vectors = toy.embed(request.texts());
    ArrayNode data = answer.putArray("data");
    for (int i = 0; i < vectors.length; i++) {
      ObjectNode item = data.addObject().put("object", "embedding").put("index", i);
      if (request.body().path("encoding_format").asText().equals("base64")) {
        item.put("embedding", base64(vectors[i]));
      } else {
        ArrayNode components = item.putArray("embedding");
        for (float component : vectors[i]) {
          components.add(component);
        }
      }
    }
    answer.putObject("usage").put("total_tokens", words(request.texts()));
    return answer;
  }

  static int words(List<String> texts) {
    return texts.stream().mapToInt(t -> t.split(" ", -1).length).sum();
  }

  static String base64(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  static void json(HttpExchange exchange, int status, JsonNode body) throws IOException {
    LoopbackServer.answer(exchange, status, body.toString());
  }

  /** Refuses. */
  static Reply status(int status, String body) {
    return (request, exchange) -> LoopbackServer.answer(exchange, status, body);
  }

  /** Refuses, and says when to come back. */
  static Reply retryAfter(int status, String when) {
    return (request, exchange) -> {
      exchange.getResponseHeaders().add("Retry-After", when);
      LoopbackServer.answer(exchange, status, "");
    };
  }

  /** Sends half of the right answer, and cuts the connection. */
  Reply cut() {
    return this::half;
  }

  /** Sends half of the right answer, and the rest never. */
  Reply stall() {
    return (request, exchange) -> {
      half(request, exchange);
      awaitClose();
    };
  }

  private void half(Request request, HttpExchange exchange) throws IOException {
    byte[] bytes = answer(request).toString().getBytes(UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
    exchange.getResponseBody().flush();
  }

  /** Never answers. */
  Reply silence() {
    return (request, exchange) -> awaitClose();
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.close();
    toy.close();
  }
}
