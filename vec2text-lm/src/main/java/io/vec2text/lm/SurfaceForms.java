package io.vec2text.lm;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableMap;
import io.vec2text.onnx.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Writes lower-case text as people write it: words in their usual form, a capital where a sentence
 * begins. Models at the other end of a bridge write lower case, but a language model sees case, and
 * no guess in the wrong case has the vector. Immutable.
 *
 * <p>What is unusual is not found: a capital inside a sentence that the word seldom has.
 */
public final class SurfaceForms {
  /** Letters, also with apostrophes between them. */
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}]+(?:'[\\p{L}\\p{M}]+)*");

  private static final CharMatcher OPENING = CharMatcher.anyOf(" \"'(");
  private static final CharMatcher ENDS = CharMatcher.anyOf(".?!");

  private final ImmutableMap<String, String> forms;
  private final boolean capitals;

  /**
   * Forms.
   *
   * @param forms by word in lower case; others are written in lower case
   * @param capitals whether a sentence begins with a capital
   */
  public SurfaceForms(Map<String, String> forms, boolean capitals) {
    this.forms = ImmutableMap.copyOf(forms);
    this.capitals = capitals;
  }

  /** Reads lines of a word, a tab and its form. */
  static SurfaceForms read(Path file, boolean capitals) throws IOException {
    Map<String, String> forms = new HashMap<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      int tab = lines.get(i).indexOf('\t');
      if (tab < 1 || tab + 1 == lines.get(i).length()) {
        throw new ModelFormatException(
            file + ": line " + (i + 1) + " is not a word, a tab and its form");
      }
      forms.put(lines.get(i).substring(0, tab), lines.get(i).substring(tab + 1));
    }
    return new SurfaceForms(forms, capitals);
  }

  /** The text in its usual form, whatever case it is in. */
  public String apply(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return WORD.matcher(lower).replaceAll(word -> form(lower, word));
  }

  private String form(String lower, MatchResult word) {
    String form = forms.getOrDefault(word.group(), word.group());
    return capitals && begins(lower, word.start())
        ? form.substring(0, 1).toUpperCase(Locale.ROOT) + form.substring(1)
        : form;
  }

  /** Whether a sentence begins there. */
  private static boolean begins(String text, int start) {
    String before = OPENING.trimTrailingFrom(text.substring(0, start));
    return before.isEmpty()
        || (before.length() < start && ENDS.matches(before.charAt(before.length() - 1)));
  }
}
