package io.vec2text.lm.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vec2text.Cancellation;
import io.vec2text.Vec2TextException;
import io.vec2text.internal.ApiKey;
import io.vec2text.internal.HttpSender;
import io.vec2text.internal.Retries;
import io.vec2text.internal.SlicedWait;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests and reads JSON. Counts every request that is sent, and sends none beyond the
 * limit; what may pass is sent again after a wait.
 */
final class HttpCalls {
  /** What servers answer to a parameter that they don't know or a value that they don't allow. */
  static final Set<Integer> REFUSALS = Set.of(400, 404, 405, 413, 415, 422, 501);

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();
  private static final Set<Integer> NOT_ALLOWED = Set.of(401, 403);
  private static final long MAX_ANSWER = 256L << 20;

  private final Settings settings;
  private final HttpSender sender = new HttpSender();
  private long sent;
  private long ceiling;

  /**
   * How to call.
   *
   * @param base what paths are appended to
   * @param key null for none
   * @param maxCalls how many requests may be sent
   */
  record Settings(
      URI base,
      @Nullable ApiKey key,
      long maxCalls,
      Retries retries,
      Duration timeout,
      Cancellation cancellation) {}

  /** What was answered, and how long it took. */
  record Reply(JsonNode body, double seconds) {}

  /** A failure that may pass. */
  private static final class PassingException extends Exception {
    private static final long serialVersionUID = 1;
    private final transient @Nullable Duration retryAfter;

    PassingException(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
      super(message, cause);
      this.retryAfter = retryAfter;
    }
  }

  HttpCalls(Settings settings) {
    this.settings = settings;
    ceiling = settings.maxCalls;
  }

  long sent() {
    return sent;
  }

  long left() {
    return settings.maxCalls - sent;
  }

  /** Allows so many more for now, within the limit of all. */
  void allow(long more) {
    ceiling = more >= left() ? settings.maxCalls : sent + more;
  }

  /**
   * Asks.
   *
   * @param path what follows the base
   * @param body null to get
   * @throws ServerException if there is no useful answer
   * @throws CallLimitException if no further request may be sent
   */
  Reply ask(String path, @Nullable JsonNode body) {
    URI uri = URI.create(settings.base + path);
    try {
      for (int failures = 1; ; failures++) {
        try {
          return attempt(uri, body);
        } catch (PassingException e) {
          SlicedWait.sleep(pause(e, failures).toNanos(), this::check);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Vec2TextException("interrupted while asking " + uri, e);
    }
  }

  private Duration pause(PassingException e, int failures) {
    Optional<String> givenUp = settings.retries.givenUp(failures, e.retryAfter);
    if (givenUp.isPresent()) {
      throw new ServerException(e.getMessage() + givenUp.get(), e);
    }
    return settings.retries.pause(failures, e.retryAfter);
  }

  private Reply attempt(URI uri, @Nullable JsonNode body)
      throws InterruptedException, PassingException {
    if (sent >= ceiling) {
      throw new CallLimitException(sent);
    }
    sent++;
    long start = System.nanoTime();
    HttpResponse<byte[]> response = send(request(uri, body));
    double seconds = (System.nanoTime() - start) / 1e9;
    int status = response.statusCode();
    if (status / 100 != 2) {
      throw refused(uri, response);
    }
    try {
      return new Reply(JSON.readTree(response.body()), seconds);
    } catch (JsonProcessingException e) {
      throw new ServerException(
          uri + " gave malformed JSON: " + quote(String.valueOf(e.getOriginalMessage())), e);
    } catch (IOException e) {
      throw new ServerException(uri + " gave a useless answer: " + e.getMessage(), e);
    }
  }

  private ServerException refused(URI uri, HttpResponse<byte[]> response) throws PassingException {
    int status = response.statusCode();
    String answered = uri + " answered " + status;
    if (NOT_ALLOWED.contains(status)) {
      // Servers quote parts of a key that they don't accept.
      ApiKey key = settings.key;
      return new ServerException(
          answered
              + (key == null
                  ? ": it asks for a key, and none was given"
                  : ": the key in the environment variable " + key.variable() + " is not accepted"),
          status);
    }
    String complaint = complaint(response.body());
    String quoted = complaint.isEmpty() ? "" : " (" + quote(complaint) + ")";
    boolean quota = complaint.contains("insufficient_quota");
    if (!quota && Retries.mayPass(status)) {
      throw new PassingException(
          answered + (status == 429 ? ": too many requests" : "") + quoted,
          Retries.retryAfter(response),
          null);
    }
    String reason =
        switch (status) {
          case 404 -> ": there is no such address or model";
          case 429 -> ": the quota is exhausted";
          default -> status / 100 == 3 ? ": redirects are not followed" : "";
        };
    return new ServerException(answered + reason + quoted, status);
  }

  private static String complaint(byte[] body) {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (IOException e) {
      return "";
    }
    JsonNode error = root.path("error").isObject() ? root.path("error") : root;
    for (String field : new String[] {"message", "detail", "error"}) {
      if (error.path(field).isTextual()) {
        String code = error.path("code").isTextual() ? error.path("code").textValue() + ": " : "";
        return code + error.path(field).textValue();
      }
    }
    return "";
  }

  private String quote(String text) {
    return ApiKey.quote(settings.key, text);
  }

  private HttpRequest request(URI uri, @Nullable JsonNode body) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "application/json");
    ApiKey key = settings.key;
    if (key != null) {
      request.header("Authorization", key.authorization());
    }
    return body == null
        ? request.build()
        : request
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build();
  }

  private HttpResponse<byte[]> send(HttpRequest request)
      throws InterruptedException, PassingException {
    try {
      return sender.send(request, MAX_ANSWER, settings.timeout, this::check);
    } catch (HttpSender.LostException e) {
      if (e.unreached()) {
        throw new ServerException(e.getMessage(), e.getCause());
      }
      throw new PassingException(e.getMessage(), null, e.getCause());
    }
  }

  private void check() throws InterruptedException {
    if (settings.cancellation.requested()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new Vec2TextException("stopped; what was answered is kept if a file for it was given");
    }
  }
}
