package io.vec2text.onnx;

import io.vec2text.Vec2TextException;
import org.jspecify.annotations.Nullable;

/** The chosen device can't be used. */
public class DeviceException extends Vec2TextException {
  private static final long serialVersionUID = 1;

  /** An exception with a message that names what was found and what was expected. */
  public DeviceException(String message) {
    super(message);
  }

  /** An exception with its cause. */
  public DeviceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
