package io.vec2text.openai;

import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.TimeMeter;
import io.vec2text.Cancellation;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Time, and waiting that an interrupt ends at once and a cancellation within a tenth of a second.
 * Waits throw {@link InterruptedException} or {@link CancellationException} then.
 */
class Clock implements TimeMeter, BlockingStrategy {
  private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(100);

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
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      check();
      TimeUnit.NANOSECONDS.sleep(Math.min(left, SLICE));
    }
  }

  /** The result of a future, which is cancelled if it isn't there in time. */
  <T> T await(Future<T> future, Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    long end = System.nanoTime() + timeout.toNanos();
    try {
      while (true) {
        check();
        long left = end - System.nanoTime();
        try {
          return future.get(Math.min(left, SLICE), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          if (left <= SLICE) {
            throw e;
          }
        }
      }
    } finally {
      future.cancel(true);
    }
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
