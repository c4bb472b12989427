package io.vec2text.audit.detect;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

/**
 * A place in a text that holds a value of some kind. It does not hold the value.
 *
 * @param type the kind
 * @param start index of the value's first character
 * @param end index behind its last one
 * @param confidence probability that a value of this kind is there, given the text, in (0, 1]
 */
public record Detection(DataType type, int start, int end, double confidence) {

  /** Checks the arguments. */
  public Detection {
    requireNonNull(type, "type");
    checkArgument(
        start >= 0 && start < end, "a place must not be empty, was from %s to %s", start, end);
    checkArgument(
        confidence > 0 && confidence <= 1, "confidence must be in (0, 1], was %s", confidence);
  }

  /** Whether two places have a character in common. */
  boolean overlaps(Detection other) {
    return start < other.end && other.start < end;
  }

  int length() {
    return end - start;
  }
}
