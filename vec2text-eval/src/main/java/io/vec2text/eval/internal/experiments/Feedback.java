package io.vec2text.eval.internal.experiments;

import java.util.Locale;

/** Whether a system learns where its guesses lie. */
public enum Feedback {
  /** Guesses are embedded, and compared with the target. */
  WITH,
  /** What corrects guesses is not told their vectors. */
  WITHHELD,
  /** The system corrects nothing. */
  NONE;

  /** As legends show it. */
  String legend() {
    return switch (this) {
      case WITH -> "with feedback";
      case WITHHELD -> "feedback withheld";
      case NONE -> "no corrections";
    };
  }

  /** As tables show it. */
  String shown() {
    return this == NONE ? "–" : name().toLowerCase(Locale.ROOT);
  }
}
