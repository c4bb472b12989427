package io.vec2text.openai;

import io.vec2text.Vec2TextException;
import java.util.Locale;

/**
 * The next request could have cost more than the spending cap leaves; it was not sent. Amounts are
 * in the currency of the price.
 */
public final class SpendingCapException extends Vec2TextException {
  private static final long serialVersionUID = 1;

  private final double spent;
  private final double cap;
  private final double next;

  SpendingCapException(double spent, double cap, double next) {
    super(
        String.format(
            Locale.ROOT,
            "the next request could cost %.6f, but %.6f of the spending cap of %.6f is spent",
            next,
            spent,
            cap));
    this.spent = spent;
    this.cap = cap;
    this.next = next;
  }

  /** What was spent, requests still in flight on other threads included. */
  public double spent() {
    return spent;
  }

  /** The cap. */
  public double cap() {
    return cap;
  }

  /** What the next request could have cost at most. */
  public double next() {
    return next;
  }
}
