package io.vec2text.search;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ListMultimap;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import io.vec2text.Tokenization;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Texts a few changes away from the closest ones that a {@link Surrogate}, learned afresh each
 * round from what was paid for, predicts to be closer still. A beam search over changes (any
 * promising word anywhere, any token dropped, any {@linkplain OrderMoves order}) judges thousands
 * of texts for the price of embedding a few.
 */
final class Predictions implements Proposer {
  private final PoolTunables.Predictions tunables;

  Predictions(PoolTunables.Predictions tunables) {
    this.tunables = tunables;
  }

  @Override
  public double share() {
    return tunables.share();
  }

  @Override
  public ListMultimap<Target, Proposal> propose(List<Target> targets, Run run) {
    ListMultimap<Target, Proposal> proposals = Proposer.proposals();
    Tokenization tokenization = run.tokenization();
    if (tokenization != null) {
      Map<Target, List<Draft>> drafts = new ConcurrentHashMap<>();
      run.eachAtOnce(targets, t -> drafts.put(t, drafts(t, run)));
      for (Target t : targets) {
        for (Draft d : drafts.getOrDefault(t, List.of())) {
          String text = tokenization.decode(d.tokens().toArray());
          proposals.put(t, Proposal.of(Origin.PREDICTION, text));
        }
      }
    }
    return proposals;
  }

  /** A text that may be proposed, with its {@linkplain Surrogate#sums sums}. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Draft(ImmutableIntArray tokens, float[] sums, double promise) {
    private static final Comparator<Draft> PROMISING_FIRST =
        Comparator.comparingDouble(d -> -d.promise);
  }

  private List<Draft> drafts(Target target, Run run) {
    List<Paid> pool = target.pool().best(Integer.MAX_VALUE);
    run.read(pool);
    pool.removeIf(p -> p.tokens().length == 0);
    if (pool.isEmpty()) {
      return List.of();
    }
    Surrogate surrogate =
        new Surrogate(pool.get(0), pool, target.vector(), tunables.known(), tunables.rank());
    Set<ImmutableIntArray> seen = new HashSet<>();
    pool.forEach(p -> seen.add(ImmutableIntArray.copyOf(p.tokens())));
    Set<Integer> words = new HashSet<>(target.poolState().words());
    first(pool, tunables.read()).forEach(p -> words.addAll(Ints.asList(p.tokens())));

    List<Draft> beam = new ArrayList<>();
    for (Paid p : first(pool, tunables.starts())) {
      ImmutableIntArray tokens = ImmutableIntArray.copyOf(p.tokens());
      beam.add(new Draft(tokens, surrogate.sums(p.tokens()), 0));
    }
    List<Draft> kept = new ArrayList<>();
    for (int depth = 0; depth < tunables.depth(); depth++) {
      List<Draft> changed = new ArrayList<>();
      for (Draft d : beam) {
        int[] tokens = d.tokens.toArray();
        for (Change change : changes(tokens, words, run.tokenLimit())) {
          int[] after = Change.apply(tokens, List.of(change));
          ImmutableIntArray key = ImmutableIntArray.copyOf(after);
          if (after.length > 0 && seen.add(key)) {
            float[] sums = sums(d, tokens, after, surrogate);
            changed.add(new Draft(key, sums, surrogate.promise(sums, after.length)));
          }
        }
      }
      changed.sort(Draft.PROMISING_FIRST);
      beam = first(changed, tunables.beam());
      kept.addAll(first(changed, tunables.kept()));
    }
    kept.sort(Draft.PROMISING_FIRST);
    return diverse(kept, surrogate);
  }

  private static <T> List<T> first(List<T> list, int n) {
    return list.subList(0, Math.min(n, list.size()));
  }

  private static float[] sums(Draft parent, int[] before, int[] after, Surrogate surrogate) {
    int shorter = Math.min(before.length, after.length);
    int prefix = 0;
    while (prefix < shorter && before[prefix] == after[prefix]) {
      prefix++;
    }
    int suffix = 0;
    while (suffix < shorter - prefix
        && before[before.length - 1 - suffix] == after[after.length - 1 - suffix]) {
      suffix++;
    }
    return surrogate.sums(parent.sums, before, after, prefix, suffix);
  }

  private static List<Change> changes(int[] tokens, Set<Integer> words, int tokenLimit) {
    List<Change> changes = OrderMoves.all(tokens);
    for (int i = 0; i < tokens.length; i++) {
      changes.add(new Change.Deletion(i));
      for (int w : words) {
        if (w != tokens[i]) {
          changes.add(new Change.Substitution(i, w));
        }
      }
    }
    for (int i = 0; i <= tokens.length && tokens.length < tokenLimit; i++) {
      for (int w : words) {
        changes.add(new Change.Insertion(i, w));
      }
    }
    return changes;
  }

  /** The most promising, but of those that bet on the same unknown feature only a few. */
  private List<Draft> diverse(List<Draft> drafts, Surrogate surrogate) {
    List<Draft> chosen = new ArrayList<>();
    Map<Long, Integer> bets = new HashMap<>();
    for (Draft d : drafts) {
      if (chosen.size() >= tunables.count()) {
        break;
      }
      ImmutableSet<Long> unknown = surrogate.unknownFeatures(d.tokens.toArray());
      if (unknown.stream().allMatch(f -> bets.getOrDefault(f, 0) < tunables.same())) {
        unknown.forEach(f -> bets.merge(f, 1, Integer::sum));
        chosen.add(d);
      }
    }
    return chosen;
  }
}
