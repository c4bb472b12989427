package io.vec2text.sources;

import java.io.IOException;
import java.util.Optional;

/**
 * Vectors that are kept somewhere, to be read from the start or from where an earlier reader was.
 * Nothing is ever written to it. Implementations hold a bounded number of rows at a time.
 */
public interface VectorSource {

  /** What to call it in messages; holds no credentials. */
  String name();

  /**
   * Whether rows come in the same order each time, as long as nobody changes them: only then a
   * row's index means anything to a later run. It may ask the store.
   *
   * @throws IOException if the store can't be asked
   */
  boolean isOrdered() throws IOException;

  /**
   * Starts to read.
   *
   * @param cursor what {@link VectorReader#cursor()} of an earlier reader of this source was: the
   *     first row is the one behind that reader's last; empty to read from the start
   * @throws IOException if it cannot be read, or holds no vectors; the message is one line that
   *     names the source, says what was found, and what to do
   */
  VectorReader open(Optional<String> cursor) throws IOException;

  /** Reads from the start. */
  default VectorReader open() throws IOException {
    return open(Optional.empty());
  }
}
