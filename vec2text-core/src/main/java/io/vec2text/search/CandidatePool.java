package io.vec2text.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All texts that were embedded to find one target: unique by the embedder's normal form, ranked by
 * cosine, each with its vector. Nothing is ever forgotten, so the best is never lost.
 *
 * <p>Candidates made of token ids need no canonical ids here: several id sequences may spell one
 * text, but the text is what is compared and embedded, and its ids are looked up afresh if it is
 * ever worked on.
 */
final class CandidatePool {
  private final Map<String, EvaluatedText> byForm = new HashMap<>();
  private final SortedSet<EvaluatedText> ranked = new TreeSet<>(EvaluatedText.CLOSEST_FIRST);
  private final SortedSet<EvaluatedText> open = new TreeSet<>(EvaluatedText.CLOSEST_FIRST);

  /** The text of this normal form, if it was embedded. */
  @Nullable EvaluatedText find(String form) {
    return byForm.get(form);
  }

  /** Adds a text whose normal form is new. */
  void add(String form, EvaluatedText evaluated) {
    if (byForm.putIfAbsent(form, evaluated) == null) {
      ranked.add(evaluated);
      open.add(evaluated);
    }
  }

  int size() {
    return byForm.size();
  }

  /** The closest, unless the pool is empty. */
  @Nullable EvaluatedText best() {
    return ranked.isEmpty() ? null : ranked.first();
  }

  /** The {@code n} closest, closest first. */
  List<EvaluatedText> best(int n) {
    return first(ranked, n);
  }

  /** The {@code n} closest that were not expanded, closest first. */
  List<EvaluatedText> unexpanded(int n) {
    return first(open, n);
  }

  boolean isExpanded(EvaluatedText evaluated) {
    return !open.contains(evaluated);
  }

  /** Takes it out of those to be expanded. */
  void expand(EvaluatedText evaluated) {
    open.remove(evaluated);
  }

  private static List<EvaluatedText> first(SortedSet<EvaluatedText> set, int n) {
    List<EvaluatedText> list = new ArrayList<>(Math.min(n, set.size()));
    for (EvaluatedText p : set) {
      if (list.size() >= n) {
        break;
      }
      list.add(p);
    }
    return list;
  }
}
