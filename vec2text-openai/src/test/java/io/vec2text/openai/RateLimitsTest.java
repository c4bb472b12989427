package io.vec2text.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
  private final FakeClock clock = new FakeClock();

  private Duration waited() {
    return clock.waits().stream().reduce(Duration.ZERO, Duration::plus);
  }

  @Test
  void aMinutesRequestsGoAtOnceAndTheRestEvenly() throws InterruptedException {
    RateLimits limits = new RateLimits(30, null, clock);
    for (int i = 0; i < 30; i++) {
      limits.acquire(1_000_000);
    }
    assertThat(clock.waits()).isEmpty();
    for (int i = 0; i < 30; i++) {
      limits.acquire(1_000_000);
    }
    assertThat(clock.waits()).hasSize(30).containsOnly(Duration.ofSeconds(2));
  }

  @Test
  void tokensThatWereNotUsedAreGivenBack() throws InterruptedException {
    RateLimits limits = new RateLimits(null, 600, clock);
    limits.acquire(600);
    limits.giveBack(500);
    limits.acquire(500);
    assertThat(clock.waits()).isEmpty();
    limits.acquire(10);
    assertThat(waited()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void moreTokensThanAMinutesWaitForTheRest() throws InterruptedException {
    new RateLimits(null, 600, clock).acquire(1200);
    assertThat(waited()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void anEmbedderKeepsItsLimits() {
    List<String> texts = IntStream.range(0, 9).mapToObj(i -> "text " + i).toList();
    try (FakeEndpoint endpoint = new FakeEndpoint();
        OpenAiEmbedder embedder =
            Embedders.of(endpoint)
                .clock(clock)
                .requestsPerMinute(6)
                .tokensPerMinute(12)
                .tokenCounter(t -> 2)
                .maxTextsPerRequest(1)
                .open()) {
      embedder.embed(texts);
      assertThat(endpoint.requests()).hasSize(9);
      // Six at once, and three at ten seconds each; tokens keep the same pace.
      assertThat(waited()).isEqualTo(Duration.ofSeconds(30));
    }
  }

  @Test
  void aRequestHoldsNoMoreThanAMinutesTokens() {
    try (FakeEndpoint endpoint = new FakeEndpoint();
        OpenAiEmbedder embedder =
            Embedders.of(endpoint).clock(clock).tokensPerMinute(4).tokenCounter(t -> 2).open()) {
      embedder.embed(List.of("a", "b", "c", "d", "e"));
      assertThat(endpoint.requests()).extracting(r -> r.texts().size()).containsExactly(2, 2, 1);
    }
  }
}
