package io.vec2text.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class SlicedWaitTest {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private int checks;

  private void failTheSecondTime() throws IOException {
    if (++checks == 2) {
      throw new IOException("stop");
    }
  }

  @Test
  void aCheckEndsASleep() {
    assertThatThrownBy(() -> SlicedWait.sleep(HOUR, this::failTheSecondTime)).hasMessage("stop");
  }

  @Test
  void aCheckEndsAWaitForAResultAndCancelsIt() {
    CompletableFuture<String> never = new CompletableFuture<>();
    assertThatThrownBy(() -> SlicedWait.await(never, Duration.ofHours(1), this::failTheSecondTime))
        .hasMessage("stop");
    assertThat(never).isCancelled();
  }

  @Test
  void aResultThatIsThereIsGivenAndALateOneIsCancelled() throws Exception {
    CompletableFuture<String> there = CompletableFuture.completedFuture("x");
    String given = SlicedWait.await(there, Duration.ofHours(1), () -> {});
    assertThat(given).isEqualTo("x");
    CompletableFuture<String> late = new CompletableFuture<>();
    assertThatThrownBy(() -> SlicedWait.await(late, Duration.ofMillis(1), () -> {}))
        .isInstanceOf(TimeoutException.class);
    assertThat(late).isCancelled();
  }

  @Test
  void anInterruptEndsASleep() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> SlicedWait.sleep(HOUR, () -> {}))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }
}
