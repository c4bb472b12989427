package io.vec2text.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetriesTest {
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(9));
  private final Retries twice = new Retries(2, BACKOFF);

  @ParameterizedTest
  @ValueSource(ints = {408, 409, 425, 429, 500, 502, 503, 504, 529})
  void theseStatusesMayPass(int status) {
    assertThat(Retries.mayPass(status)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 301, 400, 401, 403, 404, 413, 422, 501})
  void otherStatusesMayNot(int status) {
    assertThat(Retries.mayPass(status)).isFalse();
  }

  @Test
  void aRequestIsGivenUpAfterSoManyRepetitions() {
    assertThat(twice.givenUp(1, null)).isEmpty();
    assertThat(twice.givenUp(2, Duration.ofSeconds(9))).isEmpty();
    assertThat(twice.givenUp(3, null)).hasValue("; given up after 3 attempts");
    assertThat(new Retries(0, BACKOFF).givenUp(1, null)).hasValue("");
  }

  @Test
  void anEndpointThatAsksForTooLongAWaitIsGivenUp() {
    assertThat(twice.givenUp(1, Duration.ofSeconds(10)))
        .hasValue("; it asks to wait 10 s, longer than the 9 s allowed");
  }

  @Test
  void theWaitIsTheOneAskedForOrThatOfTheBackoff() {
    assertThat(twice.pause(1, Duration.ofSeconds(3)))
        .isBetween(Duration.ofSeconds(3), Duration.ofMillis(3500));
    assertThat(twice.pause(2, null)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
  }
}
