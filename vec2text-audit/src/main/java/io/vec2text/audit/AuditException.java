package io.vec2text.audit;

import io.vec2text.Vec2TextException;

/** An audit can't be made of these vectors; the message says why in one line, without any text. */
public final class AuditException extends Vec2TextException {
  private static final long serialVersionUID = 1;

  private final boolean foreign;

  /** An exception with a message that names what was found and what was expected. */
  public AuditException(String message) {
    this(message, false);
  }

  private AuditException(String message, boolean foreign) {
    super(message);
    this.foreign = foreign;
  }

  /** An exception about vectors of another model. */
  static AuditException ofForeignVectors(String message) {
    return new AuditException(message, true);
  }

  /** Whether the vectors are another model's. */
  public boolean isAboutForeignVectors() {
    return foreign;
  }
}
