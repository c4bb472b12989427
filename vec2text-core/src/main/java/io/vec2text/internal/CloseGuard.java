package io.vec2text.internal;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** Lets calls pass until it is closed; closing waits for the calls inside. */
public final class CloseGuard {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final String name;
  private boolean closed;

  /** A gate before something that messages call {@code name}. */
  public CloseGuard(String name) {
    this.name = name;
  }

  /**
   * Runs a call inside the gate.
   *
   * @throws IllegalStateException if the gate is closed
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

  /** Waits for the calls inside and, the first time only, runs {@code release}. */
  public void close(Runnable release) {
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
