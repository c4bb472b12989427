package io.vec2text.bridge;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Multiset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Gives a text in lower case the capitals that it would usually have: each word in the form in
 * which it is most frequent within sentences, and a capital at the beginning of each sentence (Lita
 * et al. 2003, without their model of the context).
 */
final class Truecaser {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
  private static final Pattern BEGINNING = Pattern.compile("(?:^|[.!?] )\\W*");

  private final ImmutableMap<String, String> forms;

  private Truecaser(Map<String, String> forms) {
    this.forms = ImmutableMap.copyOf(forms);
  }

  /** Learns from texts as people write them. */
  static Truecaser of(List<String> texts) {
    Map<String, Multiset<String>> seen = new HashMap<>();
    for (String text : texts) {
      WORD.matcher(text)
          .results()
          .filter(word -> !begins(text, word.start()))
          .map(MatchResult::group)
          .forEach(word -> seen.computeIfAbsent(lower(word), w -> HashMultiset.create()).add(word));
    }
    Map<String, String> forms = new HashMap<>();
    seen.forEach(
        (word, counts) -> {
          String best =
              counts.entrySet().stream()
                  .max(
                      Comparator.<Multiset.Entry<String>>comparingInt(Multiset.Entry::getCount)
                          .thenComparing(Multiset.Entry::getElement))
                  .map(Multiset.Entry::getElement)
                  .orElse(word);
          if (!best.equals(word)) {
            forms.put(word, best);
          }
        });
    return new Truecaser(forms);
  }

  private static boolean begins(String text, int position) {
    return BEGINNING
        .matcher(text.substring(0, position))
        .results()
        .anyMatch(r -> r.end() == position);
  }

  static String lower(String word) {
    return word.toLowerCase(Locale.ROOT);
  }

  static String capital(String word) {
    int first = word.offsetByCodePoints(0, 1);
    return word.substring(0, first).toUpperCase(Locale.ROOT) + word.substring(first);
  }

  /** A text with capitals; other letters stay as they are. */
  String apply(String text) {
    return WORD.matcher(text)
        .replaceAll(
            word -> {
              String form = forms.getOrDefault(word.group(), word.group());
              return begins(text, word.start()) ? capital(form) : form;
            });
  }
}
