package io.vec2text.openai;

import io.vec2text.Vec2TextException;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The endpoint refused a request, could not be reached, or gave an answer that is of no use. */
public final class EndpointException extends Vec2TextException {
  private static final long serialVersionUID = 1;
  private static final int NO_STATUS = 0;

  private final int status;
  private final boolean transientFault;
  private final boolean maybeBilled;
  private final @Nullable Duration retryAfter;

  private EndpointException(
      String message,
      @Nullable Throwable cause,
      int status,
      boolean transientFault,
      boolean maybeBilled,
      @Nullable Duration retryAfter) {
    super(message, cause);
    this.status = status;
    this.transientFault = transientFault;
    this.maybeBilled = maybeBilled;
    this.retryAfter = retryAfter;
  }

  /** The endpoint answered with an error status; such requests are not billed. */
  static EndpointException refused(
      String message, int status, boolean transientFault, @Nullable Duration retryAfter) {
    return new EndpointException(message, null, status, transientFault, false, retryAfter);
  }

  /** No whole answer came. */
  static EndpointException lost(String message, Throwable cause, boolean maybeBilled) {
    return new EndpointException(message, cause, NO_STATUS, true, maybeBilled, null);
  }

  /** The endpoint said that all went well, but what it sent can't be used. */
  static EndpointException unusable(String message, @Nullable Throwable cause) {
    return new EndpointException(message, cause, NO_STATUS, false, true, null);
  }

  /** The same failure, with more to say about it; itself if that is nothing. */
  EndpointException because(String more) {
    return more.isEmpty()
        ? this
        : new EndpointException(
            getMessage() + more, this, status, transientFault, maybeBilled, retryAfter);
  }

  /** The HTTP status that the request was refused with, if it was. */
  public OptionalInt status() {
    return status == NO_STATUS ? OptionalInt.empty() : OptionalInt.of(status);
  }

  /** Whether the same request may succeed later. */
  boolean transientFault() {
    return transientFault;
  }

  boolean maybeBilled() {
    return maybeBilled;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
