package io.vec2text.eval.internal.defence;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.eval.internal.setup.VectorMatrix;

/** Components rounded to some decimals. */
final class Rounding extends Defence {
  private final double steps;

  /** Rounding to 0 to 8 decimals; more would keep all of a float. */
  Rounding(int decimals) {
    super("rounding:" + decimals);
    checkArgument(
        decimals >= 0 && decimals <= 8,
        "rounding: decimals must be from 0 to 8, were %s",
        decimals);
    steps = Math.pow(10, decimals);
  }

  @Override
  Transform fit(VectorMatrix corpus, long key) {
    return Transform.ofEach(x -> (float) (Math.rint(x * steps) / steps));
  }
}
