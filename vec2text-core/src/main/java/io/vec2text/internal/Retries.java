package io.vec2text.internal;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How often a request that may succeed later is sent again, and after which waits.
 *
 * @param most how often; 0 for never
 */
public record Retries(int most, Backoff backoff) {
  /** Request timeout, conflict, too early, too many requests. */
  private static final Set<Integer> TRANSIENT = Set.of(408, 409, 425, 429);

  private static final int NOT_IMPLEMENTED = 501;

  /** Whether a request that was answered with a status may succeed later. */
  public static boolean mayPass(int status) {
    return TRANSIENT.contains(status) || (status >= 500 && status != NOT_IMPLEMENTED);
  }

  /** How long an answer asks to wait; null if it doesn't. */
  public static @Nullable Duration retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .map(header -> Backoff.retryAfter(header, Instant.now()))
        .orElse(null);
  }

  /**
   * Whether to give up.
   *
   * @param failures failures so far, at least 1
   * @param asked how long the endpoint asks to wait, null if it doesn't
   * @return what to add to the message of the last failure, which may be nothing; empty if the
   *     request is to be sent again
   */
  public Optional<String> givenUp(int failures, @Nullable Duration asked) {
    if (most == 0) {
      return Optional.of("");
    }
    if (asked != null && asked.compareTo(backoff.longest()) > 0) {
      return Optional.of(
          "; it asks to wait %d s, longer than the %d s allowed"
              .formatted(asked.toSeconds(), backoff.longest().toSeconds()));
    }
    return failures > most
        ? Optional.of("; given up after " + failures + " attempts")
        : Optional.empty();
  }

  /** How long to wait before the request is sent again; see {@link #givenUp}. */
  public Duration pause(int failures, @Nullable Duration asked) {
    return backoff.after(failures, asked, ThreadLocalRandom.current());
  }
}
