package io.vec2text.sources;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes files for bytes that must be read more than once. */
final class TemporaryFile {
  private TemporaryFile() {}

  /**
   * Creates an empty file for its owner alone. It has no name any more, as far as the system allows
   * that, so that nothing stays behind however the process ends.
   */
  static FileChannel create() throws IOException {
    Path path = Files.createTempFile("vec2text", ".tmp");
    FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // A system on which an open file keeps its name: it goes when the channel is closed.
    }
    return channel;
  }
}
