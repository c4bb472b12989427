package io.vec2text.audit;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Makes canaries: short English sentences that no other text holds. Their names, numbers and
 * addresses belong to nobody: hosts are those that RFC 2606 reserves, telephone numbers those that
 * are kept for fiction.
 */
public final class Canaries {
  /** The most that are made at once. */
  public static final int MAX = 1000;

  private static final String[] COLOURS = {
    "amber", "black", "blue", "brown", "golden", "green", "grey", "red", "silver", "white", "yellow"
  };
  private static final String[] THINGS = {
    "bicycle",
    "boat",
    "bridge",
    "camera",
    "clock",
    "engine",
    "garden",
    "guitar",
    "kitchen",
    "lantern",
    "library",
    "mirror",
    "piano",
    "tower",
    "train",
    "umbrella",
    "window"
  };
  private static final String[] PLACES = {
    "airport",
    "bakery",
    "castle",
    "cinema",
    "harbour",
    "hospital",
    "hotel",
    "market",
    "museum",
    "river",
    "school",
    "station",
    "theatre"
  };
  private static final String[] DOINGS = {
    "was painted", "was repaired", "was sold", "was found", "was moved", "was stolen", "was built"
  };
  private static final String[] PEOPLE = {
    "alice", "daniel", "emma", "hannah", "julia", "oliver", "peter", "robert", "sarah", "victor"
  };

  private Canaries() {}

  /**
   * Makes canaries; the same seed makes the same ones, and more of them begin with fewer.
   *
   * @param count from 1 to {@value #MAX}
   * @throws IllegalArgumentException if {@code count} is out of range
   */
  public static List<Canary> make(int count, long seed) {
    checkArgument(count > 0 && count <= MAX, "count must be from 1 to %s, was %s", MAX, count);
    Random random = new Random(seed);
    List<Canary> canaries = new ArrayList<>();
    Set<String> texts = new HashSet<>();
    while (canaries.size() < count) {
      String text = sentence(canaries.size(), random);
      if (texts.add(text)) {
        canaries.add(new Canary("canary-%04d".formatted(canaries.size() + 1), text));
      }
    }
    return canaries;
  }

  /** Every other one is plain, the rest hold what audits look for. */
  private static String sentence(int number, Random random) {
    return switch (number % 6) {
      case 1 ->
          "%s can be reached at %s%d@example.com."
              .formatted(
                  capital(pick(random, PEOPLE)), pick(random, THINGS), 10 + random.nextInt(90));
      case 3 ->
          "Call the %s by the %s on 212-555-01%02d."
              .formatted(pick(random, PLACES), pick(random, PLACES), random.nextInt(100));
      case 5 ->
          "The password of the %s is %s%d."
              .formatted(pick(random, PLACES), pick(random, THINGS), 100 + random.nextInt(900));
      default ->
          "The %s %s near the %s %s in %d."
              .formatted(
                  pick(random, COLOURS),
                  pick(random, THINGS),
                  pick(random, PLACES),
                  pick(random, DOINGS),
                  1950 + random.nextInt(75));
    };
  }

  private static String pick(Random random, String[] of) {
    return of[random.nextInt(of.length)];
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
