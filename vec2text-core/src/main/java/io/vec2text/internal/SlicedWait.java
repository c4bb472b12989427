package io.vec2text.internal;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits that an interrupt ends at once, and a check that fails within a tenth of a second. */
public final class SlicedWait {
  private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(100);

  private SlicedWait() {}

  /**
   * Ends a wait.
   *
   * @param <X> what it throws to do so
   */
  @FunctionalInterface
  public interface Check<X extends Exception> {

    /** Throws if the wait is to end. */
    void run() throws X, InterruptedException;
  }

  /** Waits for some time. */
  public static <X extends Exception> void sleep(long nanos, Check<X> check)
      throws X, InterruptedException {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      check.run();
      TimeUnit.NANOSECONDS.sleep(Math.min(left, SLICE));
    }
  }

  /** Waits for a result; the future is cancelled if it isn't there in time. */
  public static <T, X extends Exception> T await(Future<T> future, Duration timeout, Check<X> check)
      throws X, InterruptedException, ExecutionException, TimeoutException {
    long end = System.nanoTime() + timeout.toNanos();
    try {
      while (true) {
        check.run();
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
}
