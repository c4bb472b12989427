package io.vec2text.bench;

import com.google.common.base.CharMatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process holds of the machine's memory; Linux only. */
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessMemory() {}

  /** Whether the system tells. */
  public static boolean isKnown() {
    return Files.isReadable(STATUS);
  }

  /** A figure of this process, for example {@code VmRSS}, in KiB. */
  public static long kib(String figure) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(figure + ":")) {
        return Long.parseLong(CharMatcher.inRange('0', '9').retainFrom(line));
      }
    }
    throw new IOException(STATUS + " has no line " + figure);
  }
}
