package io.vec2text.audit;

import com.google.common.collect.Lists;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How bad a finding is, least first. */
public enum Severity {
  /** Worth knowing. */
  LOW(0),
  /** To be dealt with. */
  MEDIUM(0.25),
  /** To be dealt with soon. */
  HIGH(0.5),
  /** To be dealt with now. */
  CRITICAL(0.8);

  private final double from;

  Severity(double from) {
    this.from = from;
  }

  /** The severity of a score from 0 to 1: critical from .8, high from .5, medium from .25. */
  static Severity of(double score) {
    Severity severity = LOW;
    for (Severity each : values()) {
      severity = score >= each.from ? each : severity;
    }
    return severity;
  }

  /** All, worst first. */
  public static List<Severity> worstFirst() {
    return Lists.reverse(List.of(values()));
  }

  /** The severity of a name, in capitals or not. */
  public static Optional<Severity> parse(String name) {
    for (Severity severity : values()) {
      if (severity.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(severity);
      }
    }
    return Optional.empty();
  }

  /** Its name in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
