package io.vec2text.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Finds out, before any work is done for them, whether files can be written. */
final class Outputs {
  private Outputs() {}

  /**
   * Checks an output that is not lightly replaced.
   *
   * @param input what is read; it may not be overwritten
   * @param existing whether the output may exist
   * @param hint what to do if it does
   */
  static void check(Path output, Path input, boolean existing, String hint) throws IOException {
    if (Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
      // Devices and links are refused, because --force deletes what is there.
      if (!Files.isRegularFile(output, LinkOption.NOFOLLOW_LINKS)) {
        throw new CliException(output + ": is not a regular file, can't be written");
      }
      if (Files.exists(input) && Files.isSameFile(output, input)) {
        throw new CliException(output + ": is the input, can't be the output too");
      }
      if (!existing) {
        throw new CliException(output + ": exists already, " + hint);
      }
    }
    checkFolder(output);
  }

  /** Checks a file that takes the place of an older one. */
  static void check(Path output) {
    if (Files.isDirectory(output)) {
      throw new CliException(output + ": is a folder, can't be written");
    }
    checkFolder(output);
  }

  /** Checks that the folder of an output is there and can be written to. */
  private static void checkFolder(Path output) {
    Path folder = output.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CliException(output + ": can't be written, its folder does not exist");
    }
    if (!Files.isWritable(folder)) {
      throw new CliException(output + ": can't be written, no permission to write to its folder");
    }
  }
}
