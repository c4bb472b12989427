package io.vec2text.lm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.sun.net.httpserver.HttpExchange;
import io.vec2text.lm.NextTokenDistribution;
import io.vec2text.testing.LoopbackServer;
import java.io.IOException;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A server on this machine that answers as kinds of servers do, with a language model whose logits
 * after a prompt are those of a random state. It answers as it is told to, once each, before it
 * answers as it should.
 */
final class FakeModelServer implements AutoCloseable {
  static final int VOCABULARY = 260;
  static final int SIZE = 6;
  static final ObjectMapper JSON = new ObjectMapper();

  /** What a server shows. */
  enum Kind {
    /** Any number of log-probabilities, before the bias, with ids. */
    LLAMA_CPP,
    /** Chosen ids, 20 log-probabilities, before the bias. */
    VLLM,
    /** 20 log-probabilities, before the bias; the answer's own is shown. */
    OPENAI,
    /** 20 log-probabilities, after the bias. */
    BIASED,
    /** 20 log-probabilities and no bias, as Ollama. */
    TOP,
    /** No log-probabilities, but a bias. */
    ANSWERS,
    /** Neither. */
    CLOSED
  }

  /** Answers a request. */
  interface Reply {
    void to(HttpExchange exchange) throws IOException;
  }

  private final Kind kind;
  private final double[][] output = new double[VOCABULARY][SIZE];
  private final Deque<Reply> script = new ConcurrentLinkedDeque<>();
  private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final LoopbackServer server;
  private int decimals = 12;
  private boolean lists = true;

  FakeModelServer(Kind kind) {
    this.kind = kind;
    Random random = new Random(3);
    for (double[] row : output) {
      for (int j = 0; j < SIZE; j++) {
        row[j] = random.nextGaussian();
      }
    }
    server = new LoopbackServer("/", this::handle);
  }

  String url() {
    return "http://localhost:" + server.port();
  }

  /** The bodies of all requests for an answer. */
  List<JsonNode> requests() {
    return requests;
  }

  List<String> keys() {
    return keys;
  }

  /** Answers the next requests otherwise. */
  @CanIgnoreReturnValue
  FakeModelServer then(Reply... replies) {
    script.addAll(List.of(replies));
    return this;
  }

  /** Rounds log-probabilities. */
  @CanIgnoreReturnValue
  FakeModelServer rounding(int decimals) {
    this.decimals = decimals;
    return this;
  }

  /** Has no list of models. */
  @CanIgnoreReturnValue
  FakeModelServer withoutList() {
    lists = false;
    return this;
  }

  double[] logits(String prompt) {
    double[] state = new Random(prompt.hashCode()).doubles(SIZE, -1.5, 1.5).toArray();
    double[] all = new double[VOCABULARY];
    for (int i = 0; i < VOCABULARY; i++) {
      for (int j = 0; j < SIZE; j++) {
        all[i] += output[i][j] * state[j];
      }
    }
    return all;
  }

  NextTokenDistribution truth(String prompt) {
    return NextTokenDistribution.ofLogits(logits(prompt));
  }

  /** The tokenizer of the model: byte-level, token 7 has a space. */
  static String tokenizer() {
    ObjectNode root = JSON.createObjectNode();
    root.putObject("decoder").put("type", "ByteLevel");
    ObjectNode vocab = root.putObject("model").putObject("vocab");
    for (int i = 0; i < VOCABULARY; i++) {
      vocab.put(name(i).replace(' ', 'Ġ'), i);
    }
    return root.toString();
  }

  static String name(int token) {
    return (token == 7 ? " t" : "t") + token;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    byte[] sent = exchange.getRequestBody().readAllBytes();
    if (path.equals("/v1/models")) {
      LoopbackServer.answer(exchange, lists ? 200 : 404, lists ? models().toString() : "");
      return;
    }
    JsonNode body = JSON.readTree(sent);
    requests.add(body);
    Reply reply = script.poll();
    if (reply != null) {
      reply.to(exchange);
      return;
    }
    boolean llama = path.equals("/completion");
    if (llama != (kind == Kind.LLAMA_CPP && !path.startsWith("/v1/"))) {
      LoopbackServer.answer(exchange, 404, "{\"error\":{\"message\":\"File Not Found\"}}");
      return;
    }
    answer(exchange, path, body);
  }

  private ObjectNode models() {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode model = root.putArray("data").addObject().put("id", "toy");
    switch (kind) {
      case LLAMA_CPP -> {
        model.put("owned_by", "llamacpp");
        model.putObject("meta").put("n_vocab", VOCABULARY).put("n_embd", SIZE);
      }
      case VLLM -> model.put("owned_by", "vllm");
      default -> model.put("owned_by", "system");
    }
    return root;
  }

  private void answer(HttpExchange exchange, String path, JsonNode body) throws IOException {
    boolean chat = path.endsWith("/chat/completions");
    String prompt =
        chat
            ? body.path("messages").path(0).path("content").asText()
            : body.path("prompt").asText();
    double[] raw = logits(prompt);
    double[] biased = raw.clone();
    boolean takesBias = kind != Kind.TOP && kind != Kind.CLOSED;
    JsonNode bias = body.path("logit_bias");
    if (takesBias) {
      bias.properties()
          .forEach(e -> biased[Integer.parseInt(e.getKey())] += e.getValue().asDouble());
      bias.forEach(
          pair -> {
            if (pair.isArray()) {
              biased[pair.get(0).asInt()] += pair.get(1).asDouble();
            }
          });
    }
    int top = body.path(chat ? "top_logprobs" : "logprobs").asInt(body.path("n_probs").asInt());
    if (top > 20 && kind != Kind.LLAMA_CPP) {
      LoopbackServer.answer(
          exchange, 400, "{\"error\":{\"message\":\"logprobs must be at most 20\"}}");
      return;
    }
    double[] shown = (kind == Kind.BIASED ? biased : raw).clone();
    NextTokenDistribution all = NextTokenDistribution.ofLogits(shown);
    int chosen = best(biased);
    List<Integer> tokens =
        body.has("logprob_token_ids") && kind == Kind.VLLM
            ? ids(body.path("logprob_token_ids"))
            : ranked(shown).limit(top).boxed().toList();
    boolean shows = kind != Kind.ANSWERS && kind != Kind.CLOSED && top > 0;
    LoopbackServer.answer(exchange, 200, form(path, chosen, all, tokens, shows, body).toString());
  }

  private static List<Integer> ids(JsonNode ids) {
    return IntStream.range(0, ids.size()).mapToObj(i -> ids.get(i).asInt()).toList();
  }

  private static IntStream ranked(double[] logits) {
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -logits[i]))
        .mapToInt(Integer::intValue);
  }

  private static int best(double[] logits) {
    return ranked(logits).findFirst().orElseThrow();
  }

  private ObjectNode form(
      String path,
      int chosen,
      NextTokenDistribution all,
      List<Integer> tokens,
      boolean shows,
      JsonNode asked) {
    ObjectNode root = JSON.createObjectNode();
    boolean named = kind != Kind.LLAMA_CPP && kind != Kind.VLLM;
    if (path.equals("/completion")) {
      root.put("content", name(chosen)).putArray("tokens").add(chosen);
      if (shows) {
        item(root.putArray("completion_probabilities").addObject(), chosen, all, tokens, false);
      }
      return root;
    }
    ObjectNode choice = root.putArray("choices").addObject();
    boolean chat = path.contains("chat");
    if (chat) {
      choice.putObject("message").put("content", name(chosen));
    } else {
      choice.put("text", name(chosen));
    }
    if (asked.path("return_token_ids").asBoolean()) {
      choice.putArray("token_ids").add(chosen);
    }
    if (!shows) {
      choice.putNull("logprobs");
    } else if (chat || kind == Kind.LLAMA_CPP) {
      ArrayNode content = choice.putObject("logprobs").putArray("content");
      item(content.addObject(), chosen, all, tokens, named);
    } else {
      ObjectNode logs = choice.putObject("logprobs");
      logs.putArray("tokens").add(label(chosen, named));
      logs.putArray("token_logprobs").add(log(all, chosen));
      ObjectNode top = logs.putArray("top_logprobs").addObject();
      tokens.forEach(i -> top.put(label(i, named), log(all, i)));
    }
    return root;
  }

  private static String label(int token, boolean named) {
    return named ? name(token) : "token_id:" + token;
  }

  private void item(
      ObjectNode item, int chosen, NextTokenDistribution all, List<Integer> tokens, boolean named) {
    entry(item, chosen, all, named);
    ArrayNode top = item.putArray("top_logprobs");
    tokens.forEach(i -> entry(top.addObject(), i, all, named));
  }

  private void entry(ObjectNode entry, int token, NextTokenDistribution all, boolean named) {
    entry.put("token", kind == Kind.VLLM ? label(token, false) : name(token));
    entry.put("logprob", log(all, token));
    if (!named && kind == Kind.LLAMA_CPP) {
      entry.put("id", token);
    }
  }

  private double log(NextTokenDistribution all, int token) {
    double scale = Math.pow(10, decimals);
    return Math.rint(all.logProbabilities().get(token) * scale) / scale;
  }

  /** Refuses, or answers something. */
  static Reply reply(int status, String body) {
    return exchange -> LoopbackServer.answer(exchange, status, body);
  }

  /** Refuses, and says when to come back. */
  static Reply retryAfter(int status, String when) {
    return exchange -> {
      exchange.getResponseHeaders().add("Retry-After", when);
      LoopbackServer.answer(exchange, status, "");
    };
  }

  /** Requests as lines, for messages. */
  String log() {
    return requests.stream().map(JsonNode::toString).collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    server.close();
  }
}
