package io.vec2text.cli;

import java.io.Console;

/** Tells whether a person watches. */
final class Terminal {
  private Terminal() {}

  /** Whether there is a terminal to draw on. */
  @SuppressWarnings("SystemConsoleNull") // what changed in Java 22 is asked for below
  static boolean present() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // Since Java 22 there is a console without a terminal too, and this method to tell.
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
