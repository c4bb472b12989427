package io.vec2text.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vec2text.EmbeddingSpace;
import io.vec2text.Vectors;
import io.vec2text.internal.ApiKey;
import io.vec2text.internal.HttpSender;
import io.vec2text.internal.Retries;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request and reads its answer: HTTP, JSON and errors. Nothing is tried again here, but
 * for the first request to an endpoint that does not know base64.
 */
final class Endpoint {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY_REQUESTS = 429;

  /** What endpoints answer to a parameter that they don't know. */
  private static final Set<Integer> NOT_UNDERSTOOD = Set.of(400, 422);

  private final URI uri;
  private final String model;
  private final EmbeddingSpace space;
  private final boolean sendDimensions;
  private final @Nullable ApiKey key;
  private final Duration timeout;
  private final Clock clock;
  private final Ledger ledger;
  private final HttpSender sender = new HttpSender();

  /** Whether base64 was understood; null until a request succeeded. */
  private volatile @Nullable Boolean base64;

  Endpoint(
      URI uri,
      String model,
      EmbeddingSpace space,
      boolean sendDimensions,
      @Nullable ApiKey key,
      Duration timeout,
      Clock clock,
      Ledger ledger) {
    this.uri = uri;
    this.model = model;
    this.space = space;
    this.sendDimensions = sendDimensions;
    this.key = key;
    this.timeout = timeout;
    this.clock = clock;
    this.ledger = ledger;
  }

  /** The body of a request. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Question(
      String model,
      List<String> input,
      @JsonProperty("encoding_format") @Nullable String encodingFormat,
      @Nullable Integer dimensions) {}

  /**
   * Asks for the vectors of some texts, at least one and none empty.
   *
   * @throws EndpointException if there was no useful answer
   * @throws InterruptedException if the thread was interrupted
   * @throws java.util.concurrent.CancellationException if the call was cancelled
   */
  Answer embed(List<String> texts) throws InterruptedException {
    Boolean known = base64;
    boolean asked = known == null || known;
    HttpResponse<byte[]> response = send(texts, asked);
    if (known == null && NOT_UNDERSTOOD.contains(response.statusCode())) {
      asked = false;
      response = send(texts, false);
    }
    if (response.statusCode() / 100 != 2) {
      throw refusal(response);
    }
    try {
      Answer answer = Answer.read(response.body(), texts.size());
      for (float[] vector : answer.vectors()) {
        Vectors.check(vector, space);
      }
      base64 = asked;
      return answer;
    } catch (JsonProcessingException e) {
      throw EndpointException.unusable(
          uri + " gave malformed JSON: " + quote(e.getOriginalMessage()), e);
    } catch (IOException | IllegalArgumentException e) {
      throw EndpointException.unusable(uri + " gave a useless answer: " + e.getMessage(), e);
    }
  }

  private HttpResponse<byte[]> send(List<String> texts, boolean asBase64)
      throws InterruptedException {
    HttpRequest request = request(texts, asBase64);
    // As numbers, a component has some 25 characters at most.
    long limit = (1 << 20) + texts.size() * (space.dimension() * 32L + 1024);
    clock.check();
    ledger.sent();
    try {
      return sender.send(request, limit, timeout, clock::check);
    } catch (HttpSender.LostException e) {
      throw EndpointException.lost(e.getMessage(), e.getCause(), !e.unreached());
    }
  }

  private HttpRequest request(List<String> texts, boolean asBase64) {
    byte[] body;
    try {
      body =
          JSON.writeValueAsBytes(
              new Question(
                  model,
                  texts,
                  asBase64 ? "base64" : null,
                  sendDimensions ? space.dimension() : null));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a request that can't be written as JSON", e);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofByteArray(body));
    if (key != null) {
      request.header("Authorization", key.authorization());
    }
    return request.build();
  }

  private EndpointException refusal(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    Complaint complaint = Complaint.read(response.body());
    boolean quota = status == TOO_MANY_REQUESTS && complaint.isQuota();
    String reason =
        switch (status) {
          case UNAUTHORIZED, FORBIDDEN ->
              key == null
                  ? ": it asks for a key, and withoutKey() was called"
                  : ": the key in the environment variable " + key.variable() + " is not accepted";
          case NOT_FOUND -> ": there is no model " + model + ", or no such address";
          case TOO_MANY_REQUESTS -> quota ? ": the quota is exhausted" : ": too many requests";
          default -> status / 100 == 3 ? ": redirects are not followed" : "";
        };
    // Endpoints quote parts of a key that they don't accept.
    boolean quotable = status != UNAUTHORIZED && status != FORBIDDEN;
    return EndpointException.refused(
        uri
            + " answered "
            + status
            + reason
            + (quotable && !complaint.message().isEmpty()
                ? " (" + quote(complaint.message()) + ")"
                : ""),
        status,
        !quota && Retries.mayPass(status),
        Retries.retryAfter(response));
  }

  private String quote(String text) {
    return ApiKey.quote(key, text);
  }

  /** What an endpoint says about its refusal. */
  private record Complaint(String message, String code, String type) {
    static Complaint read(byte[] body) {
      JsonNode root;
      try {
        root = JSON.readTree(body);
      } catch (IOException e) {
        return new Complaint("", "", "");
      }
      JsonNode error = root.path("error");
      JsonNode at = error.isObject() ? error : root;
      String message =
          List.of(at.path("message"), error, at.path("detail")).stream()
              .filter(JsonNode::isTextual)
              .map(JsonNode::textValue)
              .findFirst()
              .orElse("");
      return new Complaint(message, at.path("code").asText(""), at.path("type").asText(""));
    }

    boolean isQuota() {
      return code.equals("insufficient_quota") || type.equals("insufficient_quota");
    }
  }
}
