package io.vec2text.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vec2text.Cancellation;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ClockTest {
  private final Cancellation cancellation = new Cancellation();
  private final Clock clock = new Clock(cancellation);
  private final CompletableFuture<String> answer = new CompletableFuture<>();

  @Test
  void anAnswerThatIsNoLongerWaitedForIsGivenUp() {
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> clock.await(answer, Duration.ofMillis(1)));
    assertThat(answer).isCancelled();
  }

  @Test
  void anInterruptedWaitGivesUpTheAnswer() {
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> clock.await(answer, Duration.ofMinutes(1)));
    assertThat(answer).isCancelled();
  }

  @Test
  void aCancelledWaitGivesUpTheAnswer() {
    cancellation.cancel();
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> clock.await(answer, Duration.ofMinutes(1)));
    assertThat(answer).isCancelled();
  }

  @Test
  void anAnswerThatIsThereIsReturned() throws Exception {
    answer.complete("yes");
    assertThat(clock.await(answer, Duration.ofMinutes(1))).isEqualTo("yes");
  }
}
