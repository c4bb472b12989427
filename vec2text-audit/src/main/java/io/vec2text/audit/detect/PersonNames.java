package io.vec2text.audit.detect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableSet;
import com.google.common.io.Resources;
import io.vec2text.InversionResult.WordProbability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds names of persons: a frequent given name, perhaps an initial, and a frequent surname; where
 * the text has capitals, any surname. Given names that are words of their own are not in the list.
 */
final class PersonNames {
  private static final ImmutableSet<String> GIVEN = read("given-names.txt");
  private static final ImmutableSet<String> SURNAMES = read("surnames.txt");
  private static final Pattern NAME =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}@._-])(?<given>\\p{L}{3,15})(?: \\p{L}(?: ?\\.)?)?"
              + " (?<surname>\\p{L}[\\p{L}'-]{1,20})(?![\\p{L}\\p{N}@_])");
  private static final double KNOWN = 0.9;
  private static final double CAPITALS = 0.7;

  private PersonNames() {}

  private static ImmutableSet<String> read(String name) {
    try {
      return ImmutableSet.copyOf(
          Resources.readLines(Resources.getResource(PersonNames.class, name), UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("can't read the list of names " + name, e);
    }
  }

  static List<Detection> find(TextView view) {
    List<Detection> found = new ArrayList<>();
    Matcher name = NAME.matcher(view.text());
    int from = 0;
    while (name.find(from)) {
      double confidence = confidence(name.group("given"), name.group("surname"));
      if (confidence > 0) {
        found.add(view.detection(DataType.PERSON_NAME, name.start(), name.end(), confidence));
        from = name.end();
      } else {
        // The surname may be the next one's given name.
        from = name.end("given");
      }
    }
    return found;
  }

  private static double confidence(String given, String surname) {
    if (!GIVEN.contains(given.toLowerCase(Locale.ROOT))) {
      return 0;
    }
    if (SURNAMES.contains(surname.toLowerCase(Locale.ROOT))) {
      return KNOWN;
    }
    boolean capitals =
        Character.isUpperCase(given.charAt(0)) && Character.isUpperCase(surname.charAt(0));
    return capitals && surname.length() > 2 ? CAPITALS : 0;
  }

  /** How probably words hold a frequent given name and, besides it, a frequent surname. */
  static double suspicion(List<WordProbability> words) {
    double best = 0;
    for (WordProbability given : words) {
      if (GIVEN.contains(given.word())) {
        for (WordProbability surname : words) {
          if (SURNAMES.contains(surname.word()) && !surname.word().equals(given.word())) {
            best = Math.max(best, given.probability() * surname.probability());
          }
        }
      }
    }
    return best;
  }
}
