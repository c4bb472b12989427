package io.vec2text.audit.detect;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms in which a text may come back. */
enum TextForm {
  /** As it was written. */
  ORIGINAL,
  /** The normal form of BERT's uncased tokenizers, a space between any two tokens. */
  SPACED,
  /** The normal form as the packages of this project spell it. */
  SPELLED;

  private static final Pattern TOKEN =
      Pattern.compile("[\\p{L}\\p{N}\\p{M}]+|[^\\s\\p{L}\\p{N}\\p{M}]");
  private static final Set<String> CLOSING = Set.of(".", ",", "!", "?", ":", ";", ")", "]", "%");
  private static final Set<String> OPENING = Set.of("(", "[", "$", "#");

  /** A text with the places of values in it. */
  record Marked(String text, List<Label> labels) {}

  /** A value: its kind and its place. */
  record Label(DataType type, int start, int end) {}

  /** The text in this form, its values where they then are. */
  Marked of(Marked original) {
    if (this == ORIGINAL) {
      return original;
    }
    List<int[]> places = new ArrayList<>();
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(original.text());
    while (matcher.find()) {
      places.add(new int[] {matcher.start(), matcher.end()});
      tokens.add(
          Normalizer.normalize(matcher.group().toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
              .replaceAll("\\p{M}", ""));
    }
    StringBuilder text = new StringBuilder();
    int[] starts = new int[tokens.size()];
    for (int i = 0; i < tokens.size(); i++) {
      if (i > 0 && !(this == SPELLED && clings(tokens, i))) {
        text.append(' ');
      }
      starts[i] = text.length();
      text.append(tokens.get(i));
    }
    List<Label> labels = new ArrayList<>();
    for (Label label : original.labels()) {
      int first = Integer.MAX_VALUE;
      int last = -1;
      for (int i = 0; i < tokens.size(); i++) {
        if (places.get(i)[0] < label.end() && label.start() < places.get(i)[1]) {
          first = Math.min(first, starts[i]);
          last = Math.max(last, starts[i] + tokens.get(i).length());
        }
      }
      labels.add(new Label(label.type(), first, last));
    }
    return new Marked(text.toString(), labels);
  }

  private static boolean clings(List<String> tokens, int i) {
    return CLOSING.contains(tokens.get(i))
        || OPENING.contains(tokens.get(i - 1))
        || joins(tokens, i)
        || joins(tokens, i - 1);
  }

  private static boolean joins(List<String> tokens, int i) {
    if (i == 0 || i + 1 == tokens.size()) {
      return false;
    }
    char before = tokens.get(i - 1).charAt(tokens.get(i - 1).length() - 1);
    String next = tokens.get(i + 1);
    char after = next.charAt(next.length() - 1);
    boolean numbers = Character.isDigit(before) && Character.isDigit(after);
    return switch (tokens.get(i)) {
      case "-", "/" -> Character.isLetterOrDigit(before) && Character.isLetterOrDigit(after);
      case "'" -> Character.isLetterOrDigit(before) && Set.of("s", "t", "re", "ve").contains(next);
      case ".", ":" -> numbers;
      case "," -> numbers && next.length() == 3;
      default -> false;
    };
  }
}
