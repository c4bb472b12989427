package io.vec2text.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Merges lists so that each beginning of the result holds about the same part of every list. */
final class Interleaving {
  private Interleaving() {}

  static <T> List<T> of(Collection<List<T>> lists) {
    record Ranked<T>(T value, double rank) {}
    List<Ranked<T>> all = new ArrayList<>();
    for (List<T> list : lists) {
      for (int i = 0; i < list.size(); i++) {
        all.add(new Ranked<>(list.get(i), (i + 0.5) / list.size()));
      }
    }
    all.sort(Comparator.comparingDouble(Ranked::rank));
    return all.stream().map(Ranked::value).toList();
  }
}
