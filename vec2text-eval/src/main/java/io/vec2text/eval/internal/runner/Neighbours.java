package io.vec2text.eval.internal.runner;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Longs;
import io.vec2text.internal.WordsAndMarks;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * The wrong texts that are hardest to tell from a right one: it, but for a single edit. Words that
 * often stand for each other, numbers one off, plurals, punctuation, words left out, doubled or
 * exchanged.
 */
final class Neighbours {
  private static final ImmutableList<ImmutableList<String>> EXCHANGEABLE =
      ImmutableList.of(
          ImmutableList.of("a", "an", "the", "this", "that"),
          ImmutableList.of("in", "on", "at", "of", "for", "to", "from", "by", "with"),
          ImmutableList.of("is", "was", "are", "were", "be", "been"),
          ImmutableList.of("has", "had", "have"),
          ImmutableList.of("he", "she", "it", "they", "we", "i", "you"),
          ImmutableList.of("his", "her", "its", "their", "my", "your"),
          ImmutableList.of("and", "or", "but", "as"),
          ImmutableList.of("can", "could", "may", "might", "will", "would", "should"),
          ImmutableList.of("big", "large", "great"),
          ImmutableList.of("small", "little"),
          ImmutableList.of("first", "second", "third", "last"),
          ImmutableList.of("many", "several", "some", "most", "all"),
          ImmutableList.of("began", "started"),
          ImmutableList.of("called", "named", "known"),
          ImmutableList.of("made", "built", "created", "produced"),
          ImmutableList.of("said", "told", "stated"),
          ImmutableList.of("north", "south", "east", "west"),
          ImmutableList.of(".", "!", "?", ";"),
          ImmutableList.of(",", ";", ":", "-"));
  private static final ImmutableList<String> INSERTED = ImmutableList.of(",", "the", "a", "of");

  private Neighbours() {}

  /**
   * Texts that differ from {@code text} by one edit.
   *
   * @param text a text
   * @param most how many at most; those of the first kinds come first, exchanges of distant words
   *     last
   * @param random draws the distant words
   */
  static List<String> of(String text, int most, Random random) {
    List<String> words = WordsAndMarks.of(text);
    Set<String> edited = new LinkedHashSet<>();
    for (int i = 0; i < words.size(); i++) {
      for (String other : others(words.get(i))) {
        edited.add(with(words, i, other));
      }
    }
    for (int i = 0; i < words.size(); i++) {
      edited.add(without(words, i));
      if (i + 1 < words.size()) {
        edited.add(exchanged(words, i, i + 1));
      }
    }
    for (String word : INSERTED) {
      for (int i = 0; i <= words.size(); i++) {
        List<String> longer = new ArrayList<>(words);
        longer.add(i, word);
        edited.add(String.join(" ", longer));
      }
    }
    for (int i = 0; i < words.size(); i++) {
      edited.add(with(words, i, words.get(i) + " " + words.get(i)));
    }
    for (int tries = 0; edited.size() < most && tries < 4 * most && words.size() > 1; tries++) {
      edited.add(exchanged(words, random.nextInt(words.size()), random.nextInt(words.size())));
    }
    return edited.stream().limit(most).toList();
  }

  /** What often stands in a word's place. */
  private static List<String> others(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    Set<String> others = new LinkedHashSet<>();
    for (List<String> group : EXCHANGEABLE) {
      if (group.contains(lower)) {
        others.addAll(group);
      }
    }
    Long number = word.length() < 18 ? Longs.tryParse(word) : null;
    if (number != null) {
      others.add(String.valueOf(number + 1));
      others.add(String.valueOf(Math.max(0, number - 1)));
      others.add(String.valueOf(number + 10));
    } else if (word.length() > 3 && Character.isLetter(word.charAt(0))) {
      others.add(lower.endsWith("s") ? word.substring(0, word.length() - 1) : word + "s");
    }
    others.remove(lower);
    return List.copyOf(others);
  }

  private static String with(List<String> words, int at, String word) {
    List<String> changed = new ArrayList<>(words);
    changed.set(at, word);
    return String.join(" ", changed);
  }

  private static String without(List<String> words, int at) {
    List<String> changed = new ArrayList<>(words);
    changed.remove(at);
    return String.join(" ", changed);
  }

  private static String exchanged(List<String> words, int i, int j) {
    List<String> changed = new ArrayList<>(words);
    changed.set(i, words.get(j));
    changed.set(j, words.get(i));
    return String.join(" ", changed);
  }
}
