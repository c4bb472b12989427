package io.vec2text.sources;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file cannot be read as vectors. The message is one line that names the file. */
public final class VectorFileException extends IOException {
  private static final long serialVersionUID = 1;
  private static final int MAX_LENGTH = 400;

  /**
   * An exception about a file.
   *
   * @param name the file, as its user named it
   * @param problem what was found and what was expected
   */
  public VectorFileException(String name, String problem) {
    super(oneLine(name) + ": " + oneLine(problem));
  }

  /** An exception with its cause. */
  public VectorFileException(String name, String problem, @Nullable Throwable cause) {
    super(oneLine(name) + ": " + oneLine(problem), cause);
  }

  /** A text without line ends and other controls, such as a file may have put into it. */
  static String oneLine(String text) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
      char c = text.charAt(i);
      boolean shown = !Character.isISOControl(c) && c != '\u2028' && c != '\u2029';
      line.append(shown ? c : ' ');
    }
    return line + (text.length() > MAX_LENGTH ? "…" : "");
  }

  /** What an exception says, in one line; the name of its kind where it says nothing. */
  static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }
}
