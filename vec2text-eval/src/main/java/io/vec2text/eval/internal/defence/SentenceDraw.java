package io.vec2text.eval.internal.defence;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.vec2text.Embedder;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.internal.Words;
import io.vec2text.eval.internal.setup.TextLengths;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Sentences of a collection's documents: some to invert, and others of which an attacker knows the
 * text. No two have the same normal form.
 *
 * @param targets the sentences to invert, in buckets of 4-16 and then of 17-32 tokens
 * @param known sentences of 4 to 32 tokens, none of them a target, in random order
 */
record SentenceDraw(EvaluationSet targets, List<String> known) {
  private static final int LEAST = 4;
  private static final int SHORT = 16;
  private static final int LONG = 32;
  private static final String SHORT_BUCKET = LEAST + "-" + SHORT;
  private static final String LONG_BUCKET = SHORT + 1 + "-" + LONG;
  private static final int BATCH = 1024;
  private static final Pattern AFTER_STOP = Pattern.compile("(?<=[.!?]\\s{1,4})[a-z]");

  SentenceDraw {
    known = ImmutableList.copyOf(known);
  }

  /**
   * Draws sentences.
   *
   * @param name what to call the set
   * @param documents texts, which are cut into sentences; one without marks is one sentence
   * @param embedder tells tokens, or words if it shows no tokens, and normal forms
   * @param targets sentences of each bucket at most
   * @param known known sentences at most
   * @param seed seed of the draw
   * @throws IllegalArgumentException if the documents hold no sentence of these lengths, or no
   *     other than the targets
   */
  static SentenceDraw of(
      String name, List<String> documents, Embedder embedder, int targets, int known, long seed) {
    List<EvaluationSet.Entry> all = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (List<String> batch : Lists.partition(sentences(documents), BATCH)) {
      int[] lengths = TextLengths.of(batch, embedder);
      for (int i = 0; i < lengths.length; i++) {
        if (lengths[i] >= LEAST
            && lengths[i] <= LONG
            && seen.add(embedder.normalize(batch.get(i)))) {
          all.add(
              new EvaluationSet.Entry(
                  lengths[i] <= SHORT ? SHORT_BUCKET : LONG_BUCKET, batch.get(i)));
        }
      }
    }
    all.sort(Comparator.comparing(entry -> entry.bucket().equals(LONG_BUCKET)));
    EvaluationSet drawn = EvaluationSet.of(name, all).sample(targets, seed);
    Set<String> taken = new HashSet<>(drawn.texts());
    List<String> others = new ArrayList<>();
    for (EvaluationSet.Entry entry : all) {
      if (!taken.contains(entry.text())) {
        others.add(entry.text());
      }
    }
    checkArgument(
        drawn.size() > 0 && !others.isEmpty(),
        "%s holds %s different sentences of %s to %s tokens, %s of them to invert; expected at"
            + " least 1 to invert and 1 more to know",
        name,
        all.size(),
        LEAST,
        LONG,
        drawn.size());
    Collections.shuffle(others, new Random(seed));
    return new SentenceDraw(drawn, others.subList(0, Math.min(known, others.size())));
  }

  /** Targets and known sentences together. */
  EvaluationSet all() {
    List<EvaluationSet.Entry> entries = new ArrayList<>(targets.entries());
    known.forEach(text -> entries.add(new EvaluationSet.Entry("known", text)));
    return EvaluationSet.of(targets.name(), entries);
  }

  private static List<String> sentences(List<String> documents) {
    BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ENGLISH);
    List<String> sentences = new ArrayList<>();
    for (String document : documents) {
      breaks.setText(capitalised(document));
      int start = breaks.first();
      for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
        String sentence = String.join(" ", Words.split(document.substring(start, end)));
        if (!sentence.isEmpty()) {
          sentences.add(sentence);
        }
        start = end;
      }
    }
    return sentences;
  }

  /**
   * Of a text in lower case, the same with capitals after full stops: without them, no sentence
   * ends there by Unicode's rules.
   */
  private static String capitalised(String document) {
    return document.equals(document.toLowerCase(Locale.ROOT))
        ? AFTER_STOP.matcher(document).replaceAll(m -> m.group().toUpperCase(Locale.ROOT))
        : document;
  }

  /** Sizes; no text. */
  @Override
  public String toString() {
    return targets + ", " + known.size() + " known";
  }
}
