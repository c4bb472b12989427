package io.vec2text.cli;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.common.util.concurrent.Uninterruptibles;
import io.vec2text.Cancellation;
import io.vec2text.internal.ShutdownOrder;
import java.util.concurrent.CountDownLatch;

/** Lets a command end in good order when the process is interrupted or terminated. */
final class Shutdown {
  private static final int PATIENCE_SECONDS = 10;

  private final Cancellation cancellation = new Cancellation();
  private final CountDownLatch finished = new CountDownLatch(1);

  private Shutdown() {}

  static Shutdown install() {
    Shutdown shutdown = new Shutdown();
    ShutdownOrder.add(ShutdownOrder.Stage.COMMAND, shutdown::stop);
    return shutdown;
  }

  private void stop() {
    cancellation.cancel();
    // If time runs out, the next run cuts off the line that is torn, so nothing is lost.
    boolean unused = Uninterruptibles.awaitUninterruptibly(finished, PATIENCE_SECONDS, SECONDS);
  }

  /** Cancelled when the process is to end. */
  Cancellation cancellation() {
    return cancellation;
  }

  /** Says that the command is done. */
  void finished() {
    finished.countDown();
  }
}
