package io.vec2text.sources;

/** Tells names that count, such as d0, d1, d2: one prefix, and numbers from 0 or 1 on. */
final class NumberedNames {
  private String prefix = "";
  private long next = -1;
  private int count;

  /** Whether a name is the next one, or may be the first. */
  boolean follows(String name) {
    int end = name.length();
    while (end > 0 && name.charAt(end - 1) >= '0' && name.charAt(end - 1) <= '9') {
      end--;
    }
    if (end == name.length() || name.length() - end > 6) {
      return false;
    }
    long number = Long.parseLong(name.substring(end));
    String start = name.substring(0, end);
    if (count == 0 ? number > 1 : number != next || !start.equals(prefix)) {
      return false;
    }
    prefix = start;
    next = number + 1;
    count++;
    return true;
  }

  /** How many names counted. */
  int count() {
    return count;
  }
}
