package io.vec2text.sources.store;

import io.vec2text.Cancellation;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits, until a cancellation or an interrupt ends that within a tenth of a second by an {@link
 * InterruptedIOException}.
 */
record Waiting(String name, Cancellation cancellation) {
  private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(100);

  /** Waits for some time. */
  void sleep(Duration duration) throws InterruptedIOException {
    long end = System.nanoTime() + duration.toNanos();
    try {
      for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
        check();
        TimeUnit.NANOSECONDS.sleep(Math.min(left, SLICE));
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** Waits for a result; the future is cancelled if it isn't there in time. */
  <T> T await(Future<T> future, Duration timeout)
      throws InterruptedIOException, ExecutionException, TimeoutException {
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
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      future.cancel(true);
    }
  }

  private void check() throws InterruptedIOException {
    if (cancellation.requested()) {
      throw new InterruptedIOException(name + ": reading was stopped");
    }
  }

  private InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException(name + ": reading was stopped");
  }
}
