package io.vec2text.cli;

import java.io.IOException;

/** Takes lines. */
@FunctionalInterface
interface LineSink {

  /** Writes a line, its end included, and keeps nothing of it back. */
  void write(byte[] line) throws IOException;
}
