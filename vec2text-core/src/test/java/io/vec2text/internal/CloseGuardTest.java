package io.vec2text.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Any of these that hangs has found a deadlock. */
@Timeout(120)
class CloseGuardTest {
  private static final int ROUNDS = 300;
  private static final int CALLERS = 8;
  private static final int CLOSERS = 2;
  private static final int MAX_SPIN = 20_000;

  private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS + CLOSERS);

  @AfterEach
  void shutDown() {
    threads.shutdownNow();
  }

  /** What a guard guards: natives, say, that may be released once, when nobody uses them. */
  private static final class Guarded {
    private final CloseGuard guard = new CloseGuard("the guarded");
    private final AtomicInteger users = new AtomicInteger();
    private final AtomicInteger releases = new AtomicInteger();

    /** Uses it, now and then through itself; returns whether it was open. */
    boolean use(int spin) {
      try {
        return guard.pass(() -> enter(spin, spin % 3));
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("the guarded is closed");
        return false;
      }
    }

    private boolean enter(int spin, int deeper) {
      users.incrementAndGet();
      assertThat(releases).hasValue(0);
      for (int i = 0; i < spin; i++) {
        Thread.onSpinWait();
      }
      // Must not wait for one who waits to close.
      boolean open = deeper == 0 || guard.pass(() -> enter(0, deeper - 1));
      assertThat(releases).hasValue(0);
      users.decrementAndGet();
      return open;
    }

    void close() {
      guard.close(
          () -> {
            assertThat(users).hasValue(0);
            releases.incrementAndGet();
          });
      assertThat(releases).hasValue(1);
    }
  }

  @Test
  void nothingIsUsedAfterItWasReleasedWhichIsOnce() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    int served = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Guarded guarded = new Guarded();
      CountDownLatch start = new CountDownLatch(CALLERS + CLOSERS);
      List<Future<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        SplittableRandom own = random.split();
        calls.add(
            threads.submit(
                () -> {
                  start.countDown();
                  start.await();
                  int n = 0;
                  while (guarded.use(own.nextInt(MAX_SPIN / 10))) {
                    n++;
                  }
                  return n;
                }));
      }
      for (int i = 0; i < CLOSERS; i++) {
        int spin = random.nextInt(MAX_SPIN);
        calls.add(
            threads.submit(
                () -> {
                  start.countDown();
                  start.await();
                  for (int j = 0; j < spin; j++) {
                    Thread.onSpinWait();
                  }
                  guarded.close();
                  assertThat(guarded.use(0)).isFalse();
                  return 0;
                }));
      }
      for (Future<Integer> call : calls) {
        served += call.get();
      }
    }
    assertThat(served).isPositive();
  }

  @Test
  void closingWaitsForTheCallInside() throws Exception {
    CloseGuard guard = new CloseGuard("it");
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch mayLeave = new CountDownLatch(1);
    AtomicBoolean left = new AtomicBoolean();
    Future<?> call =
        threads.submit(
            () ->
                guard.pass(
                    () -> {
                      inside.countDown();
                      left.set(uninterrupted(mayLeave));
                      return left;
                    }));
    inside.await();
    Future<?> close = threads.submit(() -> guard.close(() -> assertThat(left).isTrue()));
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> close.get(50, TimeUnit.MILLISECONDS));
    mayLeave.countDown();
    close.get();
    call.get();
  }

  private static boolean uninterrupted(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCallThatFailsLeavesTheGuard() {
    CloseGuard guard = new CloseGuard("it");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                guard.pass(
                    () -> {
                      throw new IllegalStateException("of the call");
                    }))
        .withMessage("of the call");
    AtomicBoolean released = new AtomicBoolean();
    guard.close(() -> released.set(true));
    assertThat(released).isTrue();
  }

  @Test
  void aCallCannotCloseWhatItIsInside() {
    CloseGuard guard = new CloseGuard("inverter");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                guard.pass(
                    () -> {
                      guard.close(() -> {});
                      return true;
                    }))
        .withMessageContaining("inverter can't be closed by a call that it is serving");
    assertThat(guard.pass(() -> "open")).isEqualTo("open");
  }
}
