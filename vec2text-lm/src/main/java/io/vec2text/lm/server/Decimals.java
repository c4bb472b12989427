package io.vec2text.lm.server;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.OptionalInt;

/** Tells to how many decimals numbers were rounded. */
final class Decimals {
  private static final int MOST = 4;
  private static final int ENOUGH = 4;

  /** The relative error of a number that was float32. */
  private static final double FLOAT = 1.2e-7;

  private Decimals() {}

  /** The fewest decimals that all have; empty if they have more than 4, or are fewer than 4. */
  static OptionalInt of(ImmutableDoubleArray numbers) {
    if (numbers.length() < ENOUGH) {
      return OptionalInt.empty();
    }
    for (int n = 0; n <= MOST; n++) {
      double step = Math.pow(10, -n);
      if (numbers.stream()
          .allMatch(x -> Math.abs(x - step * Math.rint(x / step)) <= FLOAT * Math.abs(x) + 1e-12)) {
        return OptionalInt.of(n);
      }
    }
    return OptionalInt.empty();
  }
}
