package io.vec2text.lm.server;

import io.vec2text.Vec2TextException;

/** The next call would be one more than allowed; it was not sent. */
public final class CallLimitException extends Vec2TextException {
  private static final long serialVersionUID = 1;

  CallLimitException(long calls) {
    super(
        "the server was called "
            + calls
            + " times, which is the most that it may be; with a higher limit this goes on");
  }
}
