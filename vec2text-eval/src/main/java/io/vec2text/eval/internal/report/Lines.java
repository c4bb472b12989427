package io.vec2text.eval.internal.report;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Remarks, each on a line of its own.
 *
 * @param listed whether they are items of a list
 * @param lines the remarks
 */
public record Lines(boolean listed, List<String> lines) implements Block {
  /** Copies. */
  public Lines {
    lines = ImmutableList.copyOf(lines);
  }

  /** What made the figures. */
  public static Lines facts(List<String> lines) {
    return new Lines(true, lines);
  }

  /** What the figures mean. */
  public static Lines notes(List<String> lines) {
    return new Lines(false, lines);
  }

  /** What the figures mean. */
  public static Lines notes(String... lines) {
    return notes(List.of(lines));
  }
}
