package io.vec2text;

import org.jspecify.annotations.Nullable;

/** A model failed while running. */
public class InferenceException extends Vec2TextException {
  private static final long serialVersionUID = 1;

  /** An exception with a message that names what was found and what was expected. */
  public InferenceException(String message) {
    super(message);
  }

  /** An exception with its cause. */
  public InferenceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
