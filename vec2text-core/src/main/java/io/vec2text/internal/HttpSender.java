package io.vec2text.internal;

import static java.util.Objects.requireNonNull;

import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Sends requests and waits for their answers.
 *
 * <p>By HTTP/1.1: over plain HTTP the upgrade header of HTTP/2 makes some servers lose the body.
 * Redirects are not followed, or texts and keys would go where nobody meant them to. Certificates
 * are checked.
 */
public final class HttpSender {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client;

  /** No whole answer came; the message names the address and what happened. */
  public static final class LostException extends Exception {
    private static final long serialVersionUID = 1;
    private final boolean unreached;

    private LostException(String message, Throwable cause, boolean unreached) {
      super(message, cause);
      this.unreached = unreached;
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }

    @Override
    public synchronized Throwable getCause() {
      return requireNonNull(super.getCause());
    }

    /** Whether there was no connection, so that nothing was sent. */
    public boolean unreached() {
      return unreached;
    }
  }

  /** A sender with the client's defaults. */
  public HttpSender() {
    this(builder -> {});
  }

  /**
   * A sender.
   *
   * @param more sets what the client is to have besides the defaults
   */
  public HttpSender(Consumer<HttpClient.Builder> more) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT);
    more.accept(builder);
    client = builder.build();
  }

  /**
   * Sends a request.
   *
   * @param limit the most bytes that the answer may have
   * @param timeout how long to wait for the whole of it
   * @param check ends the wait, within a tenth of a second, by what it throws
   * @throws LostException if no whole answer comes
   * @throws InterruptedException if the thread is interrupted
   */
  public <X extends Exception> HttpResponse<byte[]> send(
      HttpRequest request, long limit, Duration timeout, SlicedWait.Check<X> check)
      throws X, InterruptedException, LostException {
    try {
      return SlicedWait.await(
          client.sendAsync(request, info -> new LimitedBody(limit)), timeout, check);
    } catch (TimeoutException e) {
      throw new LostException(
          request.uri() + " gave no whole answer within " + timeout.toMillis() + " ms", e, false);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      boolean unreached =
          cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
      throw new LostException(
          unreached
              ? "can't connect to " + request.uri()
              : "the connection to " + request.uri() + " failed: " + ApiKey.quote(null, "" + cause),
          cause,
          unreached);
    }
  }
}
