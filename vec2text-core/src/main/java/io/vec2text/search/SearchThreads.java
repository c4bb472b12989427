package io.vec2text.search;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads that an inverter's searches compute on: that of each caller and, shared by all,
 * others of its own. Those are daemons and end when they have been idle for some seconds.
 */
final class SearchThreads implements AutoCloseable {
  private static final int IDLE_SECONDS = 5;

  private final int count;
  private final @Nullable ThreadPoolExecutor others;

  /**
   * Starts no thread yet.
   *
   * @param count threads of a single call in all, its caller's included; 0 for one a core
   */
  SearchThreads(int count) {
    this.count = count == 0 ? Runtime.getRuntime().availableProcessors() : count;
    others = this.count == 1 ? null : pool(this.count - 1);
  }

  private static ThreadPoolExecutor pool(int threads) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new ThreadFactoryBuilder().setNameFormat("vec2text-search-%d").setDaemon(true).build());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Does something for each item, in any order; throws the first error when all is done. */
  <T> void forEach(List<T> items, Consumer<T> action) {
    if (others == null || items.size() < 2) {
      items.forEach(action);
      return;
    }
    AtomicInteger next = new AtomicInteger();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    CountDownLatch left = new CountDownLatch(items.size());
    Runnable work =
        () -> {
          for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
            try {
              action.accept(items.get(i));
            } catch (RuntimeException | Error e) {
              failure.compareAndSet(null, e);
            } finally {
              left.countDown();
            }
          }
        };
    for (int i = 1; i < Math.min(count, items.size()); i++) {
      others.execute(work);
    }
    work.run();
    Uninterruptibles.awaitUninterruptibly(left);
    Throwable thrown = failure.get();
    if (thrown != null) {
      Throwables.throwIfUnchecked(thrown);
      throw new IllegalStateException(thrown);
    }
  }

  /** Lets the threads end; no call may be in flight. */
  @Override
  public void close() {
    if (others != null) {
      others.shutdown();
    }
  }
}
