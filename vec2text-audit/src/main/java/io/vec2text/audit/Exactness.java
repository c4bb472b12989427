package io.vec2text.audit;

import java.util.Locale;

/** How much of a value came back. */
public enum Exactness {
  /** The value itself, more probably than not. */
  VERBATIM(1),
  /** That the record holds a value of this kind, but probably not the value itself. */
  SEMANTIC(0.4);

  private final double weight;

  Exactness(double weight) {
    this.weight = weight;
  }

  /** What a finding counts in its severity. */
  double weight() {
    return weight;
  }

  /** Its name in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
