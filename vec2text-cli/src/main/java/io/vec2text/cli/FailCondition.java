package io.vec2text.cli;

import io.vec2text.Verdict;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * A condition on the results of a run, for pipelines that are to stop when it holds.
 *
 * @param text how it was given
 * @param counted the vectors that it counts
 * @param measure what of them it compares
 * @param atLeast whether the limit itself holds too
 */
record FailCondition(
    String text, ToLongFunction<Tally> counted, Measure measure, boolean atLeast, double limit) {
  /** The exit status of a command of which a condition held. */
  static final int STATUS = 3;

  /** What can be written. */
  static final String FORMS =
      "any-WHAT, all-WHAT, WHAT-share>X (or >=X; X in [0, 1]) or WHAT-count>N, where WHAT is exact,"
          + " close, topical, failed, found (exact or close) or error (no result)";

  private static final Pattern FORM =
      Pattern.compile("(any|all)-([a-z]+)|([a-z]+)-(share|count)(>=?)([0-9]+(?:\\.[0-9]+)?)");

  /** A number of vectors, or their share of all. */
  private enum Measure {
    COUNT,
    SHARE
  }

  /**
   * Reads a condition.
   *
   * @throws IllegalArgumentException if it is none
   */
  static FailCondition parse(String text) {
    Matcher form = FORM.matcher(text.strip().replace(" ", ""));
    if (!form.matches()) {
      throw unknown(text);
    }
    if (form.group(1) != null) {
      boolean any = form.group(1).equals("any");
      ToLongFunction<Tally> counted = counted(form.group(2), text);
      return any
          ? new FailCondition(text, counted, Measure.COUNT, false, 0)
          : new FailCondition(text, counted, Measure.SHARE, true, 1);
    }
    boolean share = form.group(4).equals("share");
    double limit = Double.parseDouble(form.group(6));
    if (share && limit > 1) {
      throw new IllegalArgumentException(
          "\"" + text + "\": a share is a number from 0 to 1, was " + form.group(6));
    }
    return new FailCondition(
        text,
        counted(form.group(3), text),
        share ? Measure.SHARE : Measure.COUNT,
        form.group(5).equals(">="),
        limit);
  }

  private static ToLongFunction<Tally> counted(String what, String text) {
    return switch (what) {
      case "error" -> Tally::errors;
      case "found" -> tally -> tally.total(Verdict.EXACT) + tally.total(Verdict.CLOSE);
      default -> {
        Verdict verdict = ResultLines.verdict(what).orElseThrow(() -> unknown(text));
        yield tally -> tally.total(verdict);
      }
    };
  }

  private static IllegalArgumentException unknown(String text) {
    return new IllegalArgumentException("\"" + text + "\" is no condition, expected " + FORMS);
  }

  /** Whether it holds; of no vectors none does. */
  boolean holds(Tally tally) {
    if (tally.vectors() == 0) {
      return false;
    }
    double found = counted.applyAsLong(tally);
    if (measure == Measure.SHARE) {
      found /= tally.vectors();
    }
    return atLeast ? found >= limit : found > limit;
  }

  /** Reads an option's value. */
  static final class Parser implements CommandLine.ITypeConverter<FailCondition> {
    @Override
    public FailCondition convert(String text) {
      try {
        return parse(text);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.TypeConversionException(e.getMessage());
      }
    }
  }
}
