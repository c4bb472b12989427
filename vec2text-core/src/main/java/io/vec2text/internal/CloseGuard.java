package io.vec2text.internal;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** Lets calls pass until it is closed; closing waits for the calls inside. */
public final class CloseGuard {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final String name;
  private boolean closed;

  /** A guard of something that messages call {@code name}. */
  public CloseGuard(String name) {
    this.name = name;
  }

  /**
   * Runs a call inside the guard.
   *
   * @throws IllegalStateException if the guard is closed
   */
  public <T> T pass(Supplier<T> call) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(name + " is closed");
      }
      return call.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Waits for the calls inside and, the first time only, runs {@code release}.
   *
   * @throws IllegalStateException if this thread is inside such a call, for which it would wait
   *     forever
   */
  public void close(Runnable release) {
    if (lock.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          name
              + " can't be closed by a call that it is serving, as from a listener;"
              + " cancel the call, and close when it has returned");
    }
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        release.run();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
