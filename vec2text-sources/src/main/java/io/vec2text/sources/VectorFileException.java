package io.vec2text.sources;

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
    super(name + ": " + problem);
  }

  /** An exception with its cause. */
  public VectorFileException(String name, String problem, @Nullable Throwable cause) {
    super(name + ": " + problem, cause);
  }

  /** What an exception says, in one line; the name of its kind where it says nothing. */
  static String reason(Throwable e) {
    String message = e.getMessage();
    String text = message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    return text.lines().findFirst().orElse(text);
  }
}
