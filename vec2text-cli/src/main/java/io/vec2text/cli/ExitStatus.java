package io.vec2text.cli;

import picocli.CommandLine;

/** The exit statuses of commands, besides those of picocli. */
final class ExitStatus {
  /** A run was stopped. */
  static final int INTERRUPTED = 130;

  private ExitStatus() {}

  /** That of a command that measures. */
  static int of(boolean complete, long errors) {
    if (!complete) {
      return INTERRUPTED;
    }
    return errors == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
