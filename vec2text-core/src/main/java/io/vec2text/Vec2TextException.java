package io.vec2text;

import org.jspecify.annotations.Nullable;

/** The root of everything this library throws, but for illegal arguments and states. */
public class Vec2TextException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** An exception with a message that names what was found and what was expected. */
  public Vec2TextException(String message) {
    super(message);
  }

  /** An exception with its cause. */
  public Vec2TextException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
