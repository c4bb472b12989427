package io.vec2text.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vec2text.Cancellation;
import io.vec2text.Vec2TextException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RetriesTest {
  private static final List<String> TEXTS = List.of("the old king", "a dog");
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final FakeEndpoint endpoint = new FakeEndpoint();
  private final FakeClock clock = new FakeClock();

  @AfterEach
  void stop() {
    endpoint.close();
  }

  private OpenAiEmbedderBuilder builder() {
    return Embedders.of(endpoint).clock(clock).backoff(FIRST, LONGEST);
  }

  private Usage embed() {
    try (OpenAiEmbedder embedder = builder().open()) {
      assertThat(embedder.embed(TEXTS)).hasNumberOfRows(2);
      return embedder.usage();
    }
  }

  private EndpointException failure(OpenAiEmbedderBuilder builder) {
    try (OpenAiEmbedder embedder = builder.open()) {
      return catchThrowableOfType(EndpointException.class, () -> embedder.embed(TEXTS));
    }
  }

  @Test
  void whatFailsForTheMomentIsTriedAgainAfterGrowingWaits() {
    endpoint.then(
        FakeEndpoint.status(429, ""),
        FakeEndpoint.status(500, "oops"),
        FakeEndpoint.status(503, "{\"error\":\"busy\"}"));
    assertThat(embed()).isEqualTo(new Usage(4, 2, 5, 5 / 1e6, 0));
    assertThat(clock.waits()).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(clock.waits().get(i))
          .isBetween(FIRST.multipliedBy(1L << i).dividedBy(2), FIRST.multipliedBy(1L << i));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void theEndpointSaysHowLongToWait(int status) {
    endpoint.then(FakeEndpoint.retryAfter(status, "17"));
    embed();
    assertThat(clock.waits()).hasSize(1);
    assertThat(clock.waits().get(0)).isBetween(Duration.ofSeconds(17), Duration.ofSeconds(18));
  }

  @Test
  void aWaitThatIsTooLongFailsTheCall() {
    endpoint.then(FakeEndpoint.retryAfter(429, "3600"));
    assertThat(failure(builder()))
        .hasMessageEndingWith(
            "answered 429: too many requests; it asks to wait 3600 s, longer than the 30 s"
                + " allowed");
    assertThat(clock.waits()).isEmpty();
  }

  @Test
  void retriesEnd() {
    endpoint.always(FakeEndpoint.status(502, ""));
    EndpointException e = failure(builder().retries(3));
    assertThat(e).hasMessageEndingWith("answered 502; given up after 4 attempts");
    assertThat(e.status()).hasValue(502);
    assertThat(endpoint.requests()).hasSize(4);
  }

  @Test
  void anExhaustedQuotaIsNotTriedAgain() {
    endpoint.then(
        FakeEndpoint.status(
            429, "{\"error\":{\"message\":\"Check your plan\",\"type\":\"insufficient_quota\"}}"));
    assertThat(failure(builder()))
        .hasMessageEndingWith("answered 429: the quota is exhausted (Check your plan)");
    assertThat(endpoint.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 413})
  void whatWillNotGetBetterIsNotTriedAgain(int status) {
    endpoint.always(FakeEndpoint.status(status, ""));
    assertThat(failure(builder()).status()).hasValue(status);
    assertThat(endpoint.requests()).hasSize(1);
  }

  @Test
  void aConnectionCutInMidBodyIsTriedAgainAndCountsAsBilled() {
    endpoint.then(endpoint.cut());
    // What was lost counts a token a byte and two a text.
    assertThat(embed()).isEqualTo(new Usage(2, 2, 21 + 5, 26 / 1e6, 0));
  }

  @Test
  void anAnswerThatComesTooLateOrNotWholeIsAnError() {
    OpenAiEmbedderBuilder builder = builder().timeout(Duration.ofMillis(200)).retries(0);
    endpoint.then(endpoint.silence(), endpoint.stall());
    assertThat(failure(builder)).hasMessageEndingWith("gave no whole answer within 200 ms");
    assertThat(failure(builder)).hasMessageEndingWith("gave no whole answer within 200 ms");
  }

  @Test
  void anInterruptEndsTheWaitForAnAnswer() throws Exception {
    assertEnds(endpoint.silence(), Thread::interrupt, new Cancellation(), "interrupted", true);
  }

  @Test
  void anInterruptEndsTheWaitForAnotherTry() throws Exception {
    assertEnds(
        FakeEndpoint.retryAfter(429, "50"),
        Thread::interrupt,
        new Cancellation(),
        "interrupted",
        true);
  }

  @Test
  void aCancellationEndsTheWaitForAnAnswer() throws Exception {
    Cancellation c = new Cancellation();
    assertEnds(endpoint.silence(), thread -> c.cancel(), c, "cancelled", false);
  }

  @Test
  void aCancellationEndsTheWaitForAnotherTry() throws Exception {
    Cancellation c = new Cancellation();
    assertEnds(FakeEndpoint.retryAfter(429, "50"), thread -> c.cancel(), c, "cancelled", false);
  }

  private void assertEnds(
      FakeEndpoint.Reply reply,
      Consumer<Thread> end,
      Cancellation cancellation,
      String message,
      boolean interrupted)
      throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    endpoint.always(
        (request, exchange) -> {
          asked.countDown();
          reply.to(request, exchange);
        });
    try (OpenAiEmbedder embedder = Embedders.of(endpoint).cancellation(cancellation).open()) {
      FutureTask<Boolean> call =
          new FutureTask<>(
              () -> {
                assertThatExceptionOfType(Vec2TextException.class)
                    .isThrownBy(() -> embedder.embed(TEXTS))
                    .withMessage(message + " while embedding 2 texts");
                return Thread.currentThread().isInterrupted();
              });
      Thread thread = new Thread(call, "caller");
      thread.start();
      asked.await();
      end.accept(thread);
      assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo(interrupted);
      assertThat(endpoint.requests()).hasSize(1);
    }
  }
}
