package io.vec2text.openai;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Token buckets for the requests and the tokens of a minute. */
final class RateLimits {
  private final @Nullable Bucket requests;
  private final @Nullable Bucket tokens;
  private final Clock clock;

  /** Limits a minute; null for none. */
  RateLimits(@Nullable Integer requests, @Nullable Integer tokens, Clock clock) {
    this.requests = bucket(requests, clock);
    this.tokens = bucket(tokens, clock);
    this.clock = clock;
  }

  private static @Nullable Bucket bucket(@Nullable Integer perMinute, Clock clock) {
    return perMinute == null
        ? null
        : Bucket.builder()
            .addLimit(l -> l.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
            .withCustomTimePrecision(clock)
            .build();
  }

  /** Waits until a request of so many tokens may be sent. */
  void acquire(long tokens) throws InterruptedException {
    if (requests != null) {
      requests.asBlocking().consume(1, clock);
    }
    if (this.tokens != null) {
      this.tokens.asBlocking().consume(tokens, clock);
    }
  }

  /** Gives back tokens that were acquired and not used. */
  void giveBack(long unused) {
    if (tokens != null && unused > 0) {
      tokens.addTokens(unused);
    }
  }
}
