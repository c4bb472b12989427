package io.vec2text.lm;

import io.vec2text.Vec2TextException;

/** Counts calls, and stops before one too many. For one thread. */
final class CallCount {
  private final String method;
  private long calls;

  CallCount(String method) {
    this.method = method;
  }

  long calls() {
    return calls;
  }

  /**
   * Before a call.
   *
   * @param max how many there may be in all
   * @param known how much is known
   * @param all how much there is to know
   */
  void next(long max, int known, int all) {
    if (calls >= max) {
      throw new Vec2TextException(
          method
              + " made "
              + calls
              + " calls, which is the most that it may, and knows "
              + known
              + " of "
              + all
              + " tokens; with a higher cap it goes on");
    }
    calls++;
  }
}
