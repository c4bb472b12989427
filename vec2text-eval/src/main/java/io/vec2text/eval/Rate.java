package io.vec2text.eval;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Optional;

/**
 * How often something held.
 *
 * @param count how often, from 0 to {@code of}
 * @param of out of how many
 */
public record Rate(int count, int of) {

  /** Checks the arguments. */
  public Rate {
    checkArgument(count >= 0 && count <= of, "count must be from 0 to %s, was %s", of, count);
  }

  /** The proportion, in [0, 1]; empty if out of none. */
  public Optional<Double> value() {
    return of == 0 ? Optional.empty() : Optional.of((double) count / of);
  }

  /** Its 95 % interval by {@link Interval#wilson}; empty if out of none. */
  public Optional<Interval> interval() {
    return of == 0 ? Optional.empty() : Optional.of(Interval.wilson(count, of));
  }

  @Override
  public String toString() {
    return count + "/" + of;
  }
}
