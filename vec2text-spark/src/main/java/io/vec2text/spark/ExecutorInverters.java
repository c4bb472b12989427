package io.vec2text.spark;

import static java.util.Objects.requireNonNull;

import io.vec2text.Cancellation;
import io.vec2text.Inverter;
import io.vec2text.internal.ShutdownOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * The inverters of this JVM: one for each factory, shared by all tasks, open until the JVM ends.
 */
final class ExecutorInverters {
  private static final Map<Key, Inverter> OPEN = new HashMap<>();
  private static final Cancellation ENDING = new Cancellation();

  private ExecutorInverters() {}

  private record Key(InverterFactory factory, int threads) {}

  /**
   * The inverter of a factory, opened if need be.
   *
   * @throws io.vec2text.Vec2TextException if the JVM is ending
   */
  static synchronized Inverter get(InverterFactory factory, int threads) {
    ShutdownOrder.check();
    Key key = new Key(factory, threads);
    Inverter inverter = OPEN.get(key);
    if (inverter == null) {
      if (OPEN.isEmpty()) {
        ShutdownOrder.add(ShutdownOrder.Stage.COMMAND, ExecutorInverters::end);
      }
      inverter = requireNonNull(factory.open(threads), "the factory's inverter");
      OPEN.put(key, inverter);
    }
    return inverter;
  }

  /** Cancels calls when the JVM ends, so that it need not wait for them. */
  static Cancellation ending() {
    return ENDING;
  }

  private static void end() {
    ENDING.cancel();
    synchronized (ExecutorInverters.class) {
      for (Inverter inverter : OPEN.values()) {
        try {
          inverter.close();
        } catch (RuntimeException e) {
          // The others are closed all the same, and nobody is left to tell.
        }
      }
    }
  }
}
