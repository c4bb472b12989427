package io.vec2text.sources.store;

import io.vec2text.Cancellation;
import io.vec2text.internal.SlicedWait;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/**
 * Waits, until a cancellation or an interrupt ends that within a tenth of a second by an {@link
 * InterruptedIOException}.
 */
record Waiting(String name, Cancellation cancellation) {
  /** Waits for some time. */
  void sleep(Duration duration) throws InterruptedIOException {
    try {
      SlicedWait.sleep(duration.toNanos(), this::check);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** Waits for a result; the future is cancelled if it isn't there in time. */
  <T> T await(Future<T> future, Duration timeout)
      throws InterruptedIOException, ExecutionException, TimeoutException {
    try {
      return SlicedWait.await(future, timeout, this::check);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** Ends a wait if reading was cancelled. */
  void check() throws InterruptedIOException {
    if (cancellation.requested()) {
      throw new InterruptedIOException(name + ": reading was stopped");
    }
  }

  /** What an interrupted wait throws; the thread stays interrupted. */
  InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException(name + ": reading was stopped");
  }
}
