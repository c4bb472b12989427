package io.vec2text.audit.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text as rules read it, and where each of its characters stands in the original.
 *
 * <p>An embedder's normal form loses which marks had spaces around them. {@link #tightened} undoes
 * that for marks that stand inside addresses, numbers and keys: {@code john . smith @ example .
 * com} becomes {@code john.smith@example.com}. What it glues wrongly, such as two sentences, no
 * rule takes for anything.
 *
 * @param text what rules read
 * @param offsets for each character of {@code text} its index in the original
 */
@SuppressWarnings("ArrayRecordComponent") // one index a character; views are never compared
record TextView(String text, int[] offsets) {
  private static final Pattern TOKEN =
      Pattern.compile("[\\p{L}\\p{N}\\p{M}]+|[^\\s\\p{L}\\p{N}\\p{M}]");
  private static final String JOINING = "@.-/:_=&?#%~\\";

  /** A mark with a space beside it, as only the normal form has it. */
  private static final Pattern SPACED =
      Pattern.compile("\\S [@/_:.+=-](?: |$)|[.] \\p{Ll}|[@_] |- -|\\+ \\d|[:/] /");

  private record Token(int start, int end, String text) {
    boolean joins() {
      return text.length() == 1 && JOINING.contains(text);
    }
  }

  /** A text as it is. */
  static TextView of(String text) {
    int[] offsets = new int[text.length()];
    Arrays.setAll(offsets, i -> i);
    return new TextView(text, offsets);
  }

  /** The tightened text; empty unless a text may be in normal form. */
  static Optional<TextView> tightened(String text) {
    if (text.chars().anyMatch(Character::isUpperCase) || !SPACED.matcher(text).find()) {
      return Optional.empty();
    }
    List<Token> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      tokens.add(new Token(matcher.start(), matcher.end(), matcher.group()));
    }
    StringBuilder tight = new StringBuilder();
    List<Integer> offsets = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (i > 0 && tokens.get(i - 1).end < token.start && !glued(tokens.get(i - 1), token)) {
        tight.append(' ');
        offsets.add(tokens.get(i - 1).end);
      }
      for (int c = token.start; c < token.end; c++) {
        tight.append(text.charAt(c));
        offsets.add(c);
      }
    }
    return Optional.of(
        new TextView(tight.toString(), offsets.stream().mapToInt(Integer::intValue).toArray()));
  }

  /** Whether the space between two tokens goes. */
  private static boolean glued(Token left, Token right) {
    return left.joins()
        || right.joins()
        || left.text.equals("(")
        || right.text.equals(")")
        || (left.text.equals("+") && Character.isDigit(right.text.charAt(0)));
  }

  /** A place in the original. */
  Detection detection(DataType type, int start, int end, double confidence) {
    return new Detection(type, offsets[start], offsets[end - 1] + 1, confidence);
  }
}
