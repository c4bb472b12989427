package io.vec2text.lm.server;

import io.vec2text.Vec2TextException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The server refused a request, could not be reached, or gave an answer that is of no use. */
public final class ServerException extends Vec2TextException {
  private static final long serialVersionUID = 1;
  private static final int NO_STATUS = 0;

  private final int status;

  ServerException(String message, int status) {
    super(message);
    this.status = status;
  }

  ServerException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = NO_STATUS;
  }

  /** The HTTP status that the request was refused with, if it was. */
  public OptionalInt status() {
    return status == NO_STATUS ? OptionalInt.empty() : OptionalInt.of(status);
  }

  /** Whether the server did not understand, or does not allow, what was asked for. */
  boolean isRefusal() {
    return HttpCalls.REFUSALS.contains(status);
  }
}
