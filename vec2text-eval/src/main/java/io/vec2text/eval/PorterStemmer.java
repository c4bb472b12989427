package io.vec2text.eval;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * Porter's algorithm for suffix stripping (<i>Program</i> 14(3), 1980) with the changes that NLTK
 * makes to it by default.
 *
 * <p>A vowel is one of a, e, i, o, u, or a y after a consonant; all else is a consonant. The
 * measure of a word is how often a consonant follows a vowel in it.
 */
final class PorterStemmer {
  private static final ImmutableMap<String, String> IRREGULAR =
      rules(
          "sky=sky skies=sky dying=die lying=lie tying=tie news=news innings=inning inning=inning"
              + " outings=outing outing=outing cannings=canning canning=canning howe=howe"
              + " proceed=proceed exceed=exceed succeed=succeed");

  private static final ImmutableMap<String, String> PLURALS = rules("sses=ss ies=i ss=ss s=");
  private static final ImmutableMap<String, String> DOUBLE_SUFFIXES =
      rules(
          "ational=ate tional=tion enci=ence anci=ance izer=ize bli=ble entli=ent "
              + "eli=e ousli=ous ization=ize ation=ate ator=ate alism=al iveness=ive fulness=ful "
              + "ousness=ous aliti=al iviti=ive biliti=ble fulli=ful");
  private static final ImmutableMap<String, String> ENDINGS =
      rules("icate=ic ative= alize=al iciti=ic ical=ic ful= ness=");
  private static final ImmutableMap<String, String> SUFFIXES =
      rules(
          "al= ance= ence= er= ic= able= ible= ant= ement= ment= ent= ou= ism= ate= iti= "
              + "ous= ive= ize=");

  private PorterStemmer() {}

  /** The stem of a word in lower case. */
  static String stem(String word) {
    String irregular = IRREGULAR.get(word);
    if (irregular != null || word.length() <= 2) {
      return irregular != null ? irregular : word;
    }
    return step5(step4(strip(step2(step1c(step1b(step1a(word)))), ENDINGS, 1)));
  }

  private static String step1a(String word) {
    return word.length() == 4 && word.endsWith("ies") ? cut(word, 1) : strip(word, PLURALS, 0);
  }

  private static String step1b(String word) {
    if (word.endsWith("ied")) {
      return cut(word, word.length() == 4 ? 1 : 2);
    }
    if (word.endsWith("eed")) {
      return measure(cut(word, 3)) > 0 ? cut(word, 1) : word;
    }
    String stem = word.endsWith("ed") ? cut(word, 2) : word.endsWith("ing") ? cut(word, 3) : "";
    if (!hasVowel(stem)) {
      return word;
    }
    if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) {
      return stem + "e";
    }
    if (endsWithDoubleConsonant(stem)) {
      return "lsz".indexOf(last(stem)) >= 0 ? stem : cut(stem, 1);
    }
    return measure(stem) == 1 && endsShort(stem) ? stem + "e" : stem;
  }

  private static String step1c(String word) {
    boolean consonantBefore =
        word.length() > 2 && word.endsWith("y") && !isVowel(word, word.length() - 2);
    return consonantBefore ? cut(word, 1) + "i" : word;
  }

  private static String step2(String word) {
    if (word.endsWith("alli") && measure(cut(word, 4)) > 0) {
      return step2(cut(word, 2));
    }
    if (word.endsWith("logi")) {
      return measure(cut(word, 3)) > 0 ? cut(word, 1) : word;
    }
    return strip(word, DOUBLE_SUFFIXES, 1);
  }

  private static String step4(String word) {
    if (word.endsWith("ion")) {
      String stem = cut(word, 3);
      return measure(stem) > 1 && "st".indexOf(last(stem)) >= 0 ? stem : word;
    }
    return strip(word, SUFFIXES, 2);
  }

  private static String step5(String word) {
    String rest = word;
    if (word.endsWith("e")) {
      String stem = cut(word, 1);
      int measure = measure(stem);
      rest = measure > 1 || (measure == 1 && !endsShort(stem)) ? stem : word;
    }
    return rest.endsWith("ll") && measure(cut(rest, 1)) > 1 ? cut(rest, 1) : rest;
  }

  /** Suffixes, in the order in which they are tried, and what takes their place. */
  private static ImmutableMap<String, String> rules(String rules) {
    return ImmutableMap.copyOf(Splitter.on(' ').withKeyValueSeparator('=').split(rules));
  }

  /** Replaces the first suffix that fits, unless what is before it has less than a measure. */
  private static String strip(String word, Map<String, String> rules, int leastMeasure) {
    for (Map.Entry<String, String> rule : rules.entrySet()) {
      if (word.endsWith(rule.getKey())) {
        String stem = cut(word, rule.getKey().length());
        return measure(stem) >= leastMeasure ? stem + rule.getValue() : word;
      }
    }
    return word;
  }

  private static String cut(String word, int letters) {
    return word.substring(0, word.length() - letters);
  }

  private static char last(String word) {
    return word.charAt(word.length() - 1);
  }

  private static boolean isVowel(String word, int i) {
    int start = i;
    while (start > 0 && word.charAt(start) == 'y') {
      start--;
    }
    boolean vowel = "aeiou".indexOf(word.charAt(start)) >= 0;
    return vowel == ((i - start) % 2 == 0);
  }

  private static boolean hasVowel(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (isVowel(word, i)) {
        return true;
      }
    }
    return false;
  }

  private static int measure(String word) {
    int measure = 0;
    for (int i = 1; i < word.length(); i++) {
      if (isVowel(word, i - 1) && !isVowel(word, i)) {
        measure++;
      }
    }
    return measure;
  }

  private static boolean endsWithDoubleConsonant(String word) {
    int end = word.length() - 1;
    return end > 0 && word.charAt(end) == word.charAt(end - 1) && !isVowel(word, end);
  }

  /**
   * Ends in consonant, vowel, consonant, the last none of w, x, y; or is a vowel and a consonant.
   */
  private static boolean endsShort(String word) {
    int end = word.length() - 1;
    if (end < 1 || isVowel(word, end) || !isVowel(word, end - 1)) {
      return false;
    }
    return end == 1 || (!isVowel(word, end - 2) && "wxy".indexOf(word.charAt(end)) < 0);
  }
}
