package io.vec2text.onnx;

import io.vec2text.Vec2TextException;
import org.jspecify.annotations.Nullable;

/** A model package is damaged, incomplete or of the wrong kind. */
public class ModelFormatException extends Vec2TextException {
  private static final long serialVersionUID = 1;

  /** An exception with a message that names what was found and what was expected. */
  public ModelFormatException(String message) {
    super(message);
  }

  /** An exception with its cause. */
  public ModelFormatException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
