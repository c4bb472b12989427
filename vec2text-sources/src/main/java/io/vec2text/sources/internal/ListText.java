package io.vec2text.sources.internal;

import java.util.Locale;
import java.util.Set;

/**
 * Numbers and lists of numbers as texts: {@code [0.1, 0.2]} as JSON, pgvector, Python and NumPy
 * write them, <code>{0.1,0.2}</code> as PostgreSQL writes arrays.
 */
public final class ListText {
  private static final Set<String> MISSING =
      Set.of("", "na", "n/a", "null", "none", "nil", "nan", "\\n", "#n/a", "<na>", "-", "missing");

  private ListText() {}

  /** Whether a text means that there is no value. */
  public static boolean isMissing(String text) {
    return MISSING.contains(text.strip().toLowerCase(Locale.ROOT));
  }

  /** Whether a text begins as a list does. */
  public static boolean isList(String text) {
    int i = 0;
    while (i < text.length() && text.charAt(i) <= ' ') {
      i++;
    }
    return i < text.length()
        && (opens(text.charAt(i))
            || text.startsWith("array(", i)
            || text.startsWith("tensor(", i)
            || text.startsWith("np.array(", i));
  }

  public static boolean opens(char c) {
    return c == '[' || c == '{' || c == '(';
  }

  public static boolean closes(char c) {
    return c == ']' || c == '}' || c == ')';
  }

  /**
   * Reads a list of numbers, separated by commas, semicolons or blanks, with or without brackets.
   */
  public static void read(String text, Components components) throws MalformedException {
    if (isMissing(text)) {
      throw new MalformedException(
          text.isBlank() ? "is empty, expected a vector" : "is " + text.strip() + ", no vector");
    }
    int from = 0;
    int to = text.length();
    int bracket = text.indexOf('[');
    if (isList(text) && bracket > 0) {
      // Python's repr: array([…], dtype=float32)
      from = bracket;
      to = text.lastIndexOf(']') + 1;
    }
    int open = 0;
    while (from < to && (text.charAt(from) <= ' ' || opens(text.charAt(from)))) {
      open += text.charAt(from) <= ' ' ? 0 : 1;
      from++;
    }
    while (from < to && (text.charAt(to - 1) <= ' ' || closes(text.charAt(to - 1)))) {
      open -= text.charAt(to - 1) <= ' ' ? 0 : 1;
      to--;
    }
    if (open > 0) {
      throw new MalformedException("ends within the list");
    }
    while (from < to) {
      int end = from;
      while (end < to && !separates(text.charAt(end))) {
        end++;
      }
      if (end > from) {
        components.add(number(text.substring(from, end), components.size()));
      }
      from = end + 1;
    }
    if (components.size() == 0) {
      throw new MalformedException("the vector is empty");
    }
  }

  private static boolean separates(char c) {
    return c == ',' || c == ';' || c <= ' ';
  }

  private static double number(String text, int index) throws MalformedException {
    if (text.startsWith("...") || text.equals("…")) {
      throw new MalformedException(
          "was shortened with '...' when it was printed, its numbers are lost; export it in full: "
              + "df.to_parquet or np.save, or before printing "
              + "np.set_printoptions(threshold=sys.maxsize)");
    }
    String digits = text;
    if (text.startsWith("np.float") && text.endsWith(")")) {
      // NumPy 2's repr of a number.
      digits = text.substring(text.indexOf('(') + 1, text.length() - 1);
    } else if (text.startsWith("np.float") && text.contains("(")) {
      // The last one, whose bracket was taken for the list's.
      digits = text.substring(text.indexOf('(') + 1);
    }
    if (!beginsAsNumber(digits)) {
      throw new MalformedException("component " + index + " is not a number");
    }
    try {
      return number(digits);
    } catch (NumberFormatException e) {
      throw new MalformedException("component " + index + " is not a number");
    }
  }

  /** Reads a number; NaN and the infinities by all their usual names. */
  public static double number(String text) {
    if (text.length() > Limits.MAX_NUMBER) {
      throw new NumberFormatException("too long");
    }
    char last = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
    if (last >= '0' && last <= '9') {
      return Double.parseDouble(text);
    }
    String stripped = text.strip();
    return switch (stripped.toLowerCase(Locale.ROOT)) {
      case "nan", "+nan", "-nan" -> Double.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(stripped);
    };
  }

  /** Whether a text may be a number: told quickly, as an exception is slow. */
  public static boolean beginsAsNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > ' ') {
        return (c >= '0' && c <= '9') || "+-.nNiI".indexOf(c) >= 0;
      }
    }
    return false;
  }

  /** Whether a text is a number. */
  public static boolean isNumber(String text) {
    if (text.isEmpty() || text.length() > Limits.MAX_NUMBER) {
      return false;
    }
    if (!beginsAsNumber(text)) {
      return false;
    }
    try {
      double unused = number(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
