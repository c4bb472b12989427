package io.vec2text.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Calls from several threads. */
final class Threads {
  private static final int COUNT = 8;
  private static final long PATIENCE_SECONDS = 120;

  private Threads() {}

  /** The results of one call made on eight threads at once. */
  static <T> List<T> results(Callable<T> call) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(COUNT);
    try {
      CountDownLatch start = new CountDownLatch(COUNT);
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        futures.add(
            executor.submit(
                () -> {
                  start.countDown();
                  start.await();
                  return call.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> f : futures) {
        results.add(f.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }

  /**
   * Closes something while eight threads call it again and again. Each call must be served, or meet
   * an {@link IllegalStateException}; {@code close} must wait for those that are served, and must
   * do no harm the second time. None that begins after it may be served.
   */
  static void closeInFlight(Callable<?> call, AutoCloseable closeable) throws Exception {
    // What a thread of a busy machine may need to look at the clock once it was served.
    long slack = TimeUnit.SECONDS.toNanos(2);
    AtomicBoolean ended = new AtomicBoolean();
    ExecutorService executor = Executors.newFixedThreadPool(COUNT);
    try {
      CountDownLatch served = new CountDownLatch(COUNT);
      List<Future<Long>> futures = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        futures.add(
            executor.submit(
                () -> {
                  long last = System.nanoTime();
                  while (true) {
                    boolean late = ended.get();
                    try {
                      call.call();
                      assertThat(late).as("served after close").isFalse();
                    } catch (IllegalStateException e) {
                      return last;
                    }
                    last = System.nanoTime();
                    served.countDown();
                  }
                }));
      }
      assertThat(served.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      closeable.close();
      ended.set(true);
      long closed = System.nanoTime();
      closeable.close();
      for (Future<Long> last : futures) {
        long late = last.get(PATIENCE_SECONDS, TimeUnit.SECONDS) - closed;
        assertThat(late).as("nanoseconds after close").isLessThan(slack);
      }
    } finally {
      executor.shutdownNow();
    }
    assertThatIllegalStateException().isThrownBy(call::call);
  }

  /** What a call on a thread of its own returned, and how long after the disturbance. */
  record Disturbed<T>(T result, boolean interrupted, Duration delay) {}

  /**
   * Disturbs a running call.
   *
   * @param call what runs
   * @param after how long it runs before it is disturbed
   * @param disturb is given the thread that the call runs on
   */
  static <T> Disturbed<T> disturb(
      Callable<T> call, Duration after, java.util.function.Consumer<Thread> disturb)
      throws Exception {
    record Ended<T>(T result, boolean interrupted, long nanos) {}
    FutureTask<Ended<T>> task =
        new FutureTask<>(
            () -> {
              T result = call.call();
              return new Ended<>(result, Thread.currentThread().isInterrupted(), System.nanoTime());
            });
    Thread thread = new Thread(task, "disturbed");
    thread.start();
    Thread.sleep(after.toMillis());
    long disturbed = System.nanoTime();
    disturb.accept(thread);
    Ended<T> ended = task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return new Disturbed<>(
        ended.result(), ended.interrupted(), Duration.ofNanos(ended.nanos() - disturbed));
  }
}
