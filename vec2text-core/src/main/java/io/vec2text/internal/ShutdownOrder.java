package io.vec2text.internal;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import io.vec2text.Vec2TextException;

/**
 * What is to be done when the virtual machine ends, in order: shutdown hooks run all at once, but
 * natives must not go before the command that uses them, nor files before the natives.
 */
public final class ShutdownOrder {
  private static final ListMultimap<Stage, Runnable> ACTIONS =
      MultimapBuilder.enumKeys(Stage.class).arrayListValues().build();

  private static boolean underway = !hooked();

  private ShutdownOrder() {}

  /** The stages, the first one first. */
  public enum Stage {
    /** Commands are asked to end, and waited for. */
    COMMAND,
    /** Native code that runs is waited for. */
    NATIVES,
    /** Files that die with the process are deleted. */
    FILES
  }

  private static boolean hooked() {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(ShutdownOrder::run, "vec2text-shutdown"));
      return true;
    } catch (IllegalStateException e) {
      // It is ending already.
      return false;
    }
  }

  /**
   * Adds an action, which must end within seconds.
   *
   * @throws Vec2TextException if the process is ending
   */
  public static synchronized void add(Stage stage, Runnable action) {
    check();
    ACTIONS.put(stage, action);
  }

  /**
   * Refuses to begin something long.
   *
   * @throws Vec2TextException if the process is ending
   */
  public static synchronized void check() {
    if (underway) {
      throw new Vec2TextException("stopped: the process is ending");
    }
  }

  private static void run() {
    ImmutableList<Runnable> actions;
    synchronized (ShutdownOrder.class) {
      underway = true;
      actions = ImmutableList.copyOf(ACTIONS.values());
    }
    for (Runnable action : actions) {
      try {
        action.run();
      } catch (RuntimeException e) {
        // The others must run all the same, and nobody is left to tell.
      }
    }
  }
}
