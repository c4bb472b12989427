package io.vec2text.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All texts that were paid for to find one target: unique by the embedder's normal form, ranked by
 * cosine, each with its vector. Nothing is ever forgotten, so the best is never lost.
 *
 * <p>Candidates made of token ids need no canonical ids here: several id sequences may spell one
 * text, but the text is what is compared and embedded, and its ids are looked up afresh if it is
 * ever worked on.
 */
final class CandidatePool {
  private final Map<String, Paid> byForm = new HashMap<>();
  private final SortedSet<Paid> ranked = new TreeSet<>(Paid.CLOSEST_FIRST);
  private final SortedSet<Paid> open = new TreeSet<>(Paid.CLOSEST_FIRST);

  /** The text of this normal form, if it was paid for. */
  @Nullable Paid find(String form) {
    return byForm.get(form);
  }

  /** Adds a text whose normal form is new. */
  void add(String form, Paid paid) {
    if (byForm.putIfAbsent(form, paid) == null) {
      ranked.add(paid);
      open.add(paid);
    }
  }

  int size() {
    return byForm.size();
  }

  /** The closest, unless the pool is empty. */
  @Nullable Paid best() {
    return ranked.isEmpty() ? null : ranked.first();
  }

  /** The {@code n} closest, closest first. */
  List<Paid> best(int n) {
    return first(ranked, n);
  }

  /** The {@code n} closest that were not expanded, closest first. */
  List<Paid> unexpanded(int n) {
    return first(open, n);
  }

  boolean isExpanded(Paid paid) {
    return !open.contains(paid);
  }

  /** Takes it out of those to be expanded. */
  void expand(Paid paid) {
    open.remove(paid);
  }

  private static List<Paid> first(SortedSet<Paid> set, int n) {
    List<Paid> list = new ArrayList<>(Math.min(n, set.size()));
    for (Paid p : set) {
      if (list.size() >= n) {
        break;
      }
      list.add(p);
    }
    return list;
  }
}
