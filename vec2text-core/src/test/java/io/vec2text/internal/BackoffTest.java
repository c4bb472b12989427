package io.vec2text.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final long SEED = 20260101;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(60));

  @Test
  void waitsDoubleUpToTheLongestAndVaryByHalf() {
    Random random = new Random(SEED);
    for (int failures = 1; failures < 100; failures++) {
      long most = failures > 7 ? 60_000 : 500L << (failures - 1);
      Duration wait = backoff.after(failures, null, random);
      assertThat(wait).isBetween(Duration.ofMillis(most / 2), Duration.ofMillis(most));
    }
    assertThat(backoff.after(1, null, random)).isNotEqualTo(backoff.after(1, null, random));
  }

  @Test
  void whatTheEndpointAskedForIsNeverCutShort() {
    Random random = new Random(SEED);
    Duration asked = Duration.ofSeconds(3);
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.after(1, asked, random)).isBetween(asked, asked.plusMillis(500));
    }
  }

  @Test
  void retryAfterIsSecondsOrADate() {
    assertThat(Backoff.retryAfter("120", NOW)).isEqualTo(Duration.ofMinutes(2));
    assertThat(Backoff.retryAfter(" 0 ", NOW)).isEqualTo(Duration.ZERO);
    assertThat(Backoff.retryAfter("-3", NOW)).isEqualTo(Duration.ZERO);
    assertThat(Backoff.retryAfter("Thu, 01 Jan 2026 00:00:30 GMT", NOW))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(Backoff.retryAfter("Wed, 31 Dec 2025 00:00:00 GMT", NOW)).isEqualTo(Duration.ZERO);
    assertThat(Backoff.retryAfter("soon", NOW)).isNull();
    assertThat(Backoff.retryAfter("", NOW)).isNull();
    assertThat(Backoff.retryAfter("99999999999999999999", NOW)).isNull();
  }
}
