package io.vec2text.internal;

import com.google.common.primitives.Longs;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before a request is repeated: exponentially longer, with jitter, so that clients
 * that were refused together do not come back together.
 *
 * @param first the wait after the first failure
 * @param longest the longest wait
 */
public record Backoff(Duration first, Duration longest) {

  /**
   * The wait after a failure.
   *
   * @param failures failures so far, at least 1
   * @param retryAfter what the endpoint asked for, if it did
   * @return between half and all of {@code first} · 2<sup>failures − 1</sup>, or up to {@code
   *     first} more than what was asked for
   */
  public Duration after(int failures, @Nullable Duration retryAfter, RandomGenerator random) {
    if (retryAfter != null) {
      return retryAfter.plus(scaled(first, random.nextDouble()));
    }
    double growth = Math.pow(2, failures - 1);
    double most = (double) longest.toNanos() / first.toNanos();
    return scaled(first, Math.min(growth, most) * (1 + random.nextDouble()) / 2);
  }

  private static Duration scaled(Duration d, double factor) {
    return Duration.ofNanos((long) (d.toNanos() * factor));
  }

  /**
   * Reads the header {@code Retry-After} (RFC 9110, section 10.2.3).
   *
   * @param header seconds, or a date
   * @return how long to wait from {@code now} on; null if it is neither
   */
  public static @Nullable Duration retryAfter(String header, Instant now) {
    Long seconds = Longs.tryParse(header.strip());
    if (seconds != null) {
      return Duration.ofSeconds(Math.max(0, seconds));
    }
    try {
      Instant at = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header.strip()));
      return at.isBefore(now) ? Duration.ZERO : Duration.between(now, at);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
