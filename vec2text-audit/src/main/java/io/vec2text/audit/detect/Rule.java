package io.vec2text.audit.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds values by a pattern.
 *
 * @param type the kind that it finds
 * @param pattern matches in lower case and in capitals
 * @param group the group of the pattern that is the value
 * @param confidence the confidence of a candidate; 0 to refuse it
 */
record Rule(
    DataType type, Pattern pattern, int group, ToDoubleFunction<Rule.Candidate> confidence) {
  /** How far before a value the words are looked for that say what it is. */
  private static final int CONTEXT = 40;

  /**
   * What a pattern matched.
   *
   * @param text the text that it is in
   * @param start where the value begins
   * @param end where it ends
   */
  record Candidate(String text, int start, int end) {
    String value() {
      return text.substring(start, end);
    }

    String digits() {
      return value().replaceAll("\\D", "");
    }

    /** Whether words stand shortly before the value. */
    boolean isAfter(Pattern words) {
      return words.matcher(text.substring(Math.max(0, start - CONTEXT), start)).find();
    }
  }

  /** A rule whose whole match is the value. */
  static Rule of(DataType type, String pattern, ToDoubleFunction<Candidate> confidence) {
    return new Rule(type, compile(pattern), 0, confidence);
  }

  /** A rule whose whole match is the value, always with the same confidence. */
  static Rule of(DataType type, String pattern, double confidence) {
    return of(type, pattern, candidate -> confidence);
  }

  /** A rule whose first group is the value. */
  static Rule ofGroup(DataType type, String pattern, ToDoubleFunction<Candidate> confidence) {
    return new Rule(type, compile(pattern), 1, confidence);
  }

  static Pattern compile(String pattern) {
    return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  List<Detection> find(TextView view) {
    List<Detection> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(view.text());
    while (matcher.find()) {
      Candidate candidate = new Candidate(view.text(), matcher.start(group), matcher.end(group));
      double sure = confidence.applyAsDouble(candidate);
      if (sure > 0) {
        found.add(view.detection(type, candidate.start(), candidate.end(), sure));
      }
    }
    return found;
  }
}
