package io.vec2text;

/**
 * Asks a running call to stop. The call returns the best that it has so far within half a second;
 * so does one whose thread is interrupted. One cancellation may serve many calls.
 */
public final class Cancellation {
  private volatile boolean requested;

  /** Asks every call that was given this cancellation to stop. */
  public void cancel() {
    requested = true;
  }

  /** Whether to stop: it was cancelled, or the current thread is interrupted. */
  public boolean requested() {
    return requested || Thread.currentThread().isInterrupted();
  }
}
