package io.vec2text.sources.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.base.Ascii;
import io.vec2text.internal.ApiUrl;
import io.vec2text.internal.HttpSender;
import io.vec2text.internal.Retries;
import io.vec2text.sources.internal.OneLine;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Asks a store for JSON. What may pass is asked again after a wait. */
final class RestClient {
  static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static final int MAX_QUOTE = 200;
  private static final long MAX_ANSWER = 64L << 20;

  private final Location location;
  private final StoreOptions options;
  private final @Nullable Header authorization;
  private final Waiting waiting;
  private final HttpSender sender;
  private boolean reached;

  /** A header of every request. */
  record Header(String name, String value) {}

  /** What was answered. */
  record Answer(int status, JsonNode body) {
    boolean isOk() {
      return status / 100 == 2;
    }

    /** What the store says about its refusal. */
    String complaint() {
      for (JsonNode node = body; ; ) {
        for (String field : new String[] {"reason", "message", "detail", "error", "status"}) {
          if (node.path(field).isTextual()) {
            return node.path(field).textValue();
          }
        }
        JsonNode inner =
            node.path("error").isContainerNode() ? node.path("error") : node.path("status");
        if (inner.isArray()) {
          inner = inner.path(0);
        }
        if (!inner.isObject()) {
          return node.isTextual() ? node.textValue() : "";
        }
        node = inner;
      }
    }
  }

  /** A request failed in a way that may pass. */
  private static final class PassingException extends IOException {
    private static final long serialVersionUID = 1;
    private final transient @Nullable Duration retryAfter;

    PassingException(String problem, @Nullable Duration retryAfter, @Nullable Throwable cause) {
      super(problem, cause);
      this.retryAfter = retryAfter;
    }
  }

  /**
   * A client.
   *
   * @param authorization the header with the credentials; null without any
   */
  RestClient(Location location, StoreOptions options, @Nullable Header authorization)
      throws IOException {
    if (authorization != null
        && !ApiUrl.isPrivate(location.base())
        && !options.plaintextCredentials()) {
      throw new StoreException(
          location.name(),
          "would send the key to another machine without encryption, expected https; say so if the"
              + " network between is trusted (--allow-plaintext)");
    }
    this.location = location;
    this.options = options;
    this.authorization = authorization;
    waiting = new Waiting(location.name(), options.cancellation());
    if (options.caCertificate().isPresent()) {
      SSLContext trusting = Certificates.trusting(options.caCertificate().get());
      sender = new HttpSender(client -> client.sslContext(trusting));
    } else {
      sender = new HttpSender();
    }
  }

  /** A text as a segment of a path or a value of a query. */
  static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Asks, expecting an answer of status 2xx. */
  JsonNode get(String path) throws IOException {
    return require(ask("GET", path, null));
  }

  /** Asks with a body, expecting an answer of status 2xx. */
  JsonNode post(String path, @Nullable JsonNode body) throws IOException {
    return require(ask("POST", path, body));
  }

  /**
   * Asks, and returns any answer that will be the same however often it is asked.
   *
   * @param path what follows the base of the location, escaped
   * @throws StoreException if there is no such answer, or it says that credentials are wrong
   */
  Answer ask(String method, String path, @Nullable JsonNode body) throws IOException {
    for (int failures = 1; ; failures++) {
      try {
        Answer answer = attempt(method, path, body);
        reached = true;
        return answer;
      } catch (PassingException e) {
        waiting.sleep(pause(e, failures));
      }
    }
  }

  /** Asks once, whatever comes of it. */
  void askOnce(String method, String path, JsonNode body) {
    try {
      attempt(method, path, body);
    } catch (IOException e) {
      // Nothing depends on it.
    }
  }

  /**
   * The JSON of a page's token.
   *
   * @throws StoreException if it is none
   */
  JsonNode token(String token) throws StoreException {
    try {
      return JSON.readTree(token);
    } catch (JsonProcessingException e) {
      throw new StoreException(
          location.name(), "can't go on at what is no cursor of its reader", e);
    }
  }

  private Duration pause(PassingException e, int failures) throws StoreException {
    Optional<String> givenUp = options.repetition().givenUp(failures, e.retryAfter);
    if (givenUp.isPresent()) {
      throw new StoreException(location.name(), OneLine.reason(e) + givenUp.get(), e.getCause());
    }
    return options.repetition().pause(failures, e.retryAfter);
  }

  private JsonNode require(Answer answer) throws StoreException {
    if (!answer.isOk()) {
      throw refused(answer, "");
    }
    return answer.body();
  }

  /** That a store refused something. */
  StoreException refused(Answer answer, String explanation) {
    String complaint = quote(answer.complaint());
    return new StoreException(
        location.name(),
        "answered "
            + answer.status()
            + (answer.status() / 100 == 3 ? ", redirects are not followed" : "")
            + (explanation.isEmpty() ? "" : ": " + explanation)
            + (complaint.isEmpty() ? "" : " (" + complaint + ")"));
  }

  /** That an answer is none of the kind of store. */
  StoreException unexpected(String expected) {
    return new StoreException(
        location.name(), "gave an answer without " + expected + ": is it a store of another kind?");
  }

  private Answer attempt(String method, String path, @Nullable JsonNode body) throws IOException {
    HttpResponse<byte[]> response = send(request(method, path, body));
    int status = response.statusCode();
    if (status == 401 || status == 403) {
      throw new StoreException(location.name(), "answered " + status + ": " + unauthorised());
    }
    if (Retries.mayPass(status)) {
      throw new PassingException(
          "answered " + status + (status == 429 ? ", too many requests" : ""),
          Retries.retryAfter(response),
          null);
    }
    try {
      return new Answer(status, JSON.readTree(response.body()));
    } catch (JsonProcessingException e) {
      if (status / 100 == 2) {
        throw new StoreException(
            location.name(), "gave no JSON: is it the address of a store of this kind?", e);
      }
      return new Answer(status, JSON.missingNode());
    }
  }

  /** What to say where credentials are wrong or missing. */
  String unauthorised() {
    return options.credentials().secret().isEmpty()
        ? "it asks for credentials; name the environment variable that holds them (--key VARIABLE)"
        : "it does not accept what "
            + options.credentials().origin()
            + " holds, or allows too little";
  }

  private HttpRequest request(String method, String path, @Nullable JsonNode body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(location.base() + path))
            .header("Accept", "application/json");
    location.headers().forEach(request::header);
    if (authorization != null) {
      request.header(authorization.name(), authorization.value());
    }
    if (body == null) {
      return request.method(method, BodyPublishers.noBody()).build();
    }
    return request
        .header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofString(body.toString()))
        .build();
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    try {
      return sender.send(request, MAX_ANSWER, options.timeout(), waiting::check);
    } catch (InterruptedException e) {
      throw waiting.interrupted();
    } catch (HttpSender.LostException e) {
      Throwable cause = e.getCause();
      if (cause instanceof TimeoutException) {
        throw new PassingException(
            "gave no whole answer within " + options.timeout().toMillis() + " ms", null, cause);
      }
      if (cause instanceof SSLException) {
        throw new StoreException(
            location.name(),
            "no secure connection: "
                + Certificates.problem(cause)
                + "; for an authority of your own, name its certificate (--ca-certificate FILE)",
            cause);
      }
      if (e.unreached() && !reached) {
        boolean unknown = cause.getCause() instanceof UnresolvedAddressException;
        throw new StoreException(
            location.name(),
            "can't connect"
                + (unknown
                    ? ", the host is not known"
                    : cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")"),
            cause);
      }
      if (OneLine.reason(cause).contains("the answer is longer")) {
        throw new StoreException(
            location.name(), OneLine.reason(cause) + "; make pages smaller (--page-size)", cause);
      }
      throw new PassingException(
          "the connection was lost (" + OneLine.reason(cause) + ")", null, cause);
    }
  }

  /** What came from outside, fit for a message. */
  private String quote(String text) {
    return Ascii.truncate(options.credentials().redact(OneLine.of(text)).strip(), MAX_QUOTE, "...");
  }

  /** What the store says, or an empty text. */
  Optional<String> complaint(Answer answer) {
    return Optional.of(quote(answer.complaint())).filter(c -> !c.isEmpty());
  }
}
