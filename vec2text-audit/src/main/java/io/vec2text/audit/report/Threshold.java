package io.vec2text.audit.report;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.audit.Finding;
import io.vec2text.audit.Severity;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From which findings on a build fails.
 *
 * @param severity the least severity that counts
 * @param count how many findings it takes, at least 1
 */
public record Threshold(Severity severity, int count) {
  private static final Pattern FORM = Pattern.compile("([A-Za-z]+)(?::([0-9]{1,9}))?");

  /** Checks the arguments. */
  public Threshold {
    checkArgument(count > 0, "count must be at least 1, was %s", count);
  }

  /**
   * Reads {@code SEVERITY} or {@code SEVERITY:COUNT}, for example {@code high:5}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static Threshold parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (form.matches()) {
      int count = form.group(2) == null ? 1 : Integer.parseInt(form.group(2));
      var severity = Severity.parse(form.group(1));
      if (severity.isPresent() && count > 0) {
        return new Threshold(severity.get(), count);
      }
    }
    throw new IllegalArgumentException(
        "\""
            + text
            + "\" is no threshold, expected low, medium, high or critical, with a count from 1 on"
            + " behind a colon if it is more than one finding, as in high:5");
  }

  /** Whether a finding counts. */
  boolean counts(Finding finding) {
    return finding.severity().compareTo(severity) >= 0;
  }

  /** Whether there are as many findings as it takes. */
  public boolean holds(List<Finding> findings) {
    return findings.stream().filter(this::counts).count() >= count;
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return count == 1 ? severity.toString() : severity + ":" + count;
  }
}
