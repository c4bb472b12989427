package io.vec2text.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells whether a person watches.
 *
 * @param output whether standard output is a terminal
 * @param error whether standard error is one
 */
record Terminal(boolean output, boolean error) {
  /** Nobody watches. */
  static final Terminal NONE = new Terminal(false, false);

  /** Where this process writes to. */
  static Terminal ofProcess() {
    return new Terminal(isTerminal(1), isTerminal(2));
  }

  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      // Not Linux: there is a console where standard input and output are terminals.
      return consolePresent();
    }
  }

  @SuppressWarnings("SystemConsoleNull") // what changed in Java 22 is asked for below
  private static boolean consolePresent() {
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
