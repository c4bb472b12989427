package io.vec2text.eval;

import io.vec2text.internal.WordsAndMarks;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** Kinds of words whose probabilities are judged apart. */
public enum WordKind {
  /** With a digit. */
  NUMBER,
  /** What an evaluation's texts write with a capital inside a text, and nowhere without one. */
  NAME,
  /** All others, punctuation marks too. */
  OTHER;

  /** Tells the kinds of words, whatever their case, by how some texts write them. */
  static Function<String, WordKind> by(List<String> texts) {
    Set<String> names = new HashSet<>();
    Set<String> others = new HashSet<>();
    for (String text : texts) {
      List<String> words = WordsAndMarks.of(text);
      for (int i = 0; i < words.size(); i++) {
        String word = words.get(i);
        if (!Character.isUpperCase(word.codePointAt(0))) {
          others.add(word);
        } else if (i > 0) {
          names.add(word.toLowerCase(Locale.ROOT));
        }
      }
    }
    names.removeAll(others);
    return word -> {
      if (WordsAndMarks.isNumber(word)) {
        return NUMBER;
      }
      return names.contains(word.toLowerCase(Locale.ROOT)) ? NAME : OTHER;
    };
  }
}
