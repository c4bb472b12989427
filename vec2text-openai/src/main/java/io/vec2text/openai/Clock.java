package io.vec2text.openai;

import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.TimeMeter;
import io.vec2text.Cancellation;
import io.vec2text.internal.SlicedWait;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/**
 * Time, and waiting that an interrupt ends at once and a cancellation within a tenth of a second.
 * Waits throw {@link InterruptedException} or {@link CancellationException} then.
 */
class Clock implements TimeMeter, BlockingStrategy {
  private final Cancellation cancellation;

  Clock(Cancellation cancellation) {
    this.cancellation = cancellation;
  }

  @Override
  public long currentTimeNanos() {
    return System.nanoTime();
  }

  @Override
  public boolean isWallClockBased() {
    return false;
  }

  @Override
  public void park(long nanos) throws InterruptedException {
    SlicedWait.sleep(nanos, this::check);
  }

  /** The result of a future, which is cancelled if it isn't there in time. */
  <T> T await(Future<T> future, Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    return SlicedWait.await(future, timeout, this::check);
  }

  /** Ends the call if it was interrupted or cancelled. */
  void check() throws InterruptedException {
    if (cancellation.requested()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new CancellationException();
    }
  }
}
