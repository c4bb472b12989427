package io.vec2text.audit;

import io.vec2text.Vec2TextException;

/** An audit can't be made of these vectors; the message says why in one line, without any text. */
public final class AuditException extends Vec2TextException {
  private static final long serialVersionUID = 1;

  /** An exception with a message that names what was found and what was expected. */
  public AuditException(String message) {
    super(message);
  }
}
