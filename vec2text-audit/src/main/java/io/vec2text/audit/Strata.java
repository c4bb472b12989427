package io.vec2text.audit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.vec2text.audit.Sample.Drawn;
import io.vec2text.sources.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;

/**
 * The records of lowest rank of each stratum. A stratum gets as many records of the sample as its
 * share of the store, rounded by Sainte-Laguë's method, but {@value #LEAST} at least if it has as
 * many and the sample allows. What is held grows with strata and sample, not with the store.
 */
final class Strata {
  /** Strata at most: each may turn out to be nearly all of the store. */
  private static final int MOST = 50;

  private static final int LEAST = 5;
  private static final Comparator<Drawn> BY_RANK =
      Comparator.comparing(Drawn::rank).thenComparing(d -> d.id().index());

  private final Optional<String> by;
  private final int kept;
  private final Map<String, Stratum> strata = new TreeMap<>();
  private final Set<RecordId> leftOut = new HashSet<>();

  private static final class Stratum {
    final PriorityQueue<Drawn> lowest = new PriorityQueue<>(BY_RANK.reversed());
    long size;
    int drawn;

    /** The stratum for which this is largest gets the next record. */
    double claim() {
      return size / (drawn + 0.5);
    }
  }

  /**
   * No records yet.
   *
   * @param by the field whose values are the strata; without it, there is one
   * @param kept records to hold of each
   */
  Strata(Optional<String> by, int kept) {
    this.by = by;
    this.kept = kept;
  }

  /** The stratum of a record: empty where it lacks the field. */
  static String of(Row.Vector row, Optional<String> by) {
    return by.map(field -> row.metadata().getOrDefault(field, "")).orElse("");
  }

  void add(Drawn drawn) {
    Stratum stratum = strata.computeIfAbsent(drawn.stratum(), s -> new Stratum());
    if (strata.size() > MOST) {
      throw new AuditException(
          ("the field `%s` has more than %d values, expected one that puts records into a few"
                  + " groups, such as a tenant or a collection")
              .formatted(by.orElse(""), MOST));
    }
    stratum.size++;
    PriorityQueue<Drawn> lowest = stratum.lowest;
    if (lowest.size() < kept) {
      lowest.add(drawn);
    } else if (kept > 0 && drawn.rank() < Objects.requireNonNull(lowest.peek()).rank()) {
      lowest.remove();
      lowest.add(drawn);
    }
  }

  /** Takes a record out again. */
  void leaveOut(Drawn drawn) {
    if (leftOut.add(drawn.id())) {
      Objects.requireNonNull(strata.get(drawn.stratum())).size--;
    }
  }

  /**
   * Checks that there are strata.
   *
   * @throws AuditException if no record has the field
   */
  void check() {
    if (by.isPresent() && strata.size() == 1 && strata.containsKey("")) {
      throw new AuditException("no record has the field `" + by.get() + "`");
    }
  }

  /** Records of each stratum, without those that were left out. */
  ImmutableSortedMap<String, Long> sizes() {
    ImmutableSortedMap.Builder<String, Long> sizes = ImmutableSortedMap.naturalOrder();
    strata.forEach((name, stratum) -> sizes.put(name, stratum.size));
    return sizes.build();
  }

  /** So many records, in the order of their ranks; all if there are fewer. */
  ImmutableList<Drawn> sample(int size) {
    int least = strata.isEmpty() ? 0 : Math.min(LEAST, size / strata.size());
    int left = size;
    for (Stratum stratum : strata.values()) {
      stratum.drawn = (int) Math.min(least, stratum.size);
      left -= stratum.drawn;
    }
    for (; left > 0; left--) {
      strata.values().stream()
          .filter(stratum -> stratum.drawn < stratum.size)
          .max(Comparator.comparing(Stratum::claim))
          .ifPresent(stratum -> stratum.drawn++);
    }
    List<Drawn> sample = new ArrayList<>();
    for (Stratum stratum : strata.values()) {
      stratum.lowest.stream()
          .filter(d -> !leftOut.contains(d.id()))
          .sorted(BY_RANK)
          .limit(stratum.drawn)
          .forEach(sample::add);
    }
    sample.sort(BY_RANK);
    return ImmutableList.copyOf(sample);
  }
}
