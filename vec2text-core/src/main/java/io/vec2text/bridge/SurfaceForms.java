package io.vec2text.bridge;

import static java.util.Objects.requireNonNull;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import io.vec2text.Embedder;
import io.vec2text.Inverter;
import io.vec2text.Vectors;
import io.vec2text.spi.ForwardingEmbedder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The forms of a text that an embedder tells apart and the base models do not: these write lower
 * case, with spacing of their own. Safe for use by many threads.
 */
public final class SurfaceForms {
  private static final String EXAMPLE = "He lives in Berlin";

  /** Cosine from which two vectors are the same. */
  private static final double SAME = 1 - 1e-9;

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
  private static final Pattern SPACE =
      Pattern.compile(" (?=[^\\p{L}\\p{N}\\s])|(?<=[^\\p{L}\\p{N}\\s]) ");

  private final Truecaser truecaser;
  private final Supplier<Boolean> seesCase;

  /**
   * Forms for an embedder.
   *
   * @param embedder stays the caller's; is asked for two texts once, when a text is first embedded
   * @param texts as people write them, from which the usual case of words is learned
   */
  public static SurfaceForms of(Embedder embedder, List<String> texts) {
    return new SurfaceForms(embedder, Truecaser.of(texts));
  }

  /** Whether an embedder may see case: its normal form keeps it. */
  public static boolean mayMatter(Embedder embedder) {
    return !embedder.normalize(EXAMPLE).equals(embedder.normalize(Truecaser.lower(EXAMPLE)));
  }

  private SurfaceForms(Embedder embedder, Truecaser truecaser) {
    this.truecaser = truecaser;
    seesCase =
        Suppliers.memoize(
            () -> {
              float[][] two = embedder.embed(List.of(EXAMPLE, Truecaser.lower(EXAMPLE)));
              return Vectors.cosine(two[0], two[1]) < SAME;
            });
  }

  private boolean seesCase() {
    return requireNonNull(seesCase.get());
  }

  /** The form in which a text is embedded, and reported: the usual one where case is seen. */
  String usual(String text) {
    return seesCase() ? truecaser.apply(text) : text;
  }

  /**
   * An embedder as a search of the base models' texts needs it: each is embedded in its usual form.
   *
   * @param of the embedder, or another of its space; closed by closing what is returned
   */
  public Embedder usualForms(Embedder of) {
    return new ForwardingEmbedder(of) {
      @Override
      public float[][] embed(List<String> texts) {
        return delegate().embed(texts.stream().map(SurfaceForms.this::usual).toList());
      }
    };
  }

  /**
   * An inverter that finds the case and the spacing of what another one found.
   *
   * @param inverter compares {@link #usualForms}; closed with what is returned
   * @param oracle the embedder, or another of its space, that the forms are compared by; stays the
   *     caller's
   * @param unrelated mean cosine of unrelated texts in the embedder's space
   */
  public Inverter inverter(Inverter inverter, Embedder oracle, double unrelated) {
    return new SurfaceInverter(inverter, this, oracle, unrelated);
  }

  /** A text and the cosine of its vector with the target. */
  record Found(String text, double cosine) {}

  /** Replaces a part of a text. */
  private record Change(int start, int end, String replacement) {
    static String apply(String text, List<Change> changes) {
      StringBuilder changed = new StringBuilder(text);
      changes.stream()
          .sorted(Comparator.comparingInt(Change::start).reversed())
          .forEach(c -> changed.replace(c.start, c.end, c.replacement));
      return changed.toString();
    }
  }

  /** Tells how close texts are, as long as there is budget. */
  interface Comparison {
    /** The cosines of texts with the target; null if there is no budget for them. */
    double @Nullable [] cosines(List<String> texts);
  }

  /**
   * Climbs from a text to the form that is closest: tries the case of each word and each space
   * beside punctuation, applies the best of these changes, together where that is better, and
   * repeats.
   */
  Found closest(Found start, Comparison comparison) {
    if (!seesCase()) {
      return start;
    }
    Found best = start;
    while (true) {
      List<Change> changes = changes(best.text);
      double[] alone = comparison.cosines(applied(best.text, changes));
      if (alone == null) {
        return best;
      }
      double before = best.cosine;
      List<Integer> better = new ArrayList<>();
      for (int i = 0; i < alone.length; i++) {
        if (alone[i] > before) {
          better.add(i);
        }
      }
      if (better.isEmpty()) {
        return best;
      }
      better.sort(Comparator.comparingDouble(i -> -alone[i]));
      String text = best.text;
      best =
          new Found(Change.apply(text, List.of(changes.get(better.get(0)))), alone[better.get(0)]);
      List<String> joint = new ArrayList<>();
      for (int n = 2; n < 2 * better.size(); n *= 2) {
        joint.add(
            Change.apply(text, apart(changes, better.subList(0, Math.min(n, better.size())))));
      }
      double[] together = joint.isEmpty() ? new double[0] : comparison.cosines(joint);
      if (together == null) {
        return best;
      }
      for (int i = 0; i < together.length; i++) {
        if (together[i] > best.cosine) {
          best = new Found(joint.get(i), together[i]);
        }
      }
    }
  }

  private static List<String> applied(String text, List<Change> changes) {
    return changes.stream().map(c -> Change.apply(text, List.of(c))).toList();
  }

  /** The best of some changes that do not overlap. */
  private static List<Change> apart(List<Change> changes, List<Integer> order) {
    List<Change> chosen = new ArrayList<>();
    for (int i : order) {
      Change next = changes.get(i);
      if (chosen.stream().allMatch(c -> next.end <= c.start || c.end <= next.start)) {
        chosen.add(next);
      }
    }
    return chosen;
  }

  private static List<Change> changes(String text) {
    List<Change> changes = new ArrayList<>();
    for (Matcher word = WORD.matcher(text); word.find(); ) {
      String found = word.group();
      List.of(
              Truecaser.lower(found),
              Truecaser.capital(Truecaser.lower(found)),
              found.toUpperCase(Locale.ROOT))
          .stream()
          .distinct()
          .filter(form -> !form.equals(found) && form.length() == found.length())
          .forEach(form -> changes.add(new Change(word.start(), word.end(), form)));
    }
    for (Matcher space = SPACE.matcher(text); space.find(); ) {
      changes.add(new Change(space.start(), space.end(), ""));
    }
    return changes;
  }
}
