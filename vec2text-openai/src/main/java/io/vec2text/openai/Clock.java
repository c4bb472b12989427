package io.vec2text.openai;

import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.TimeMeter;
import io.vec2text.Cancellation;
import io.vec2text.internal.SlicedWait;
import java.util.concurrent.CancellationException;

/**
 * Time, and waiting that an interrupt ends at once and a cancellation within a tenth of a second.
 * Waits throw {@link InterruptedException} or {@link CancellationException} then.
 */
class Clock implements TimeMeter, BlockingStrategy {
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
    SlicedWait.sleep(nanos, this::check);
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
