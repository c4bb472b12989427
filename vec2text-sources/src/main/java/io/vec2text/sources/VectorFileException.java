package io.vec2text.sources;

import io.vec2text.sources.internal.OneLine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file cannot be read as vectors. The message is one line that names the file. */
public final class VectorFileException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * An exception about a file.
   *
   * @param name the file, as its user named it
   * @param problem what was found and what was expected
   */
  public VectorFileException(String name, String problem) {
    super(OneLine.of(name) + ": " + OneLine.of(problem));
  }

  /** An exception with its cause. */
  public VectorFileException(String name, String problem, @Nullable Throwable cause) {
    super(OneLine.of(name) + ": " + OneLine.of(problem), cause);
  }
}
