package io.vec2text.search;

import com.google.common.collect.ListMultimap;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sets of edits of a hypothesis whose effects, each known from a candidate that was paid for, add
 * up to what is missing.
 *
 * <p>With v the hypothesis's vector, e the target and d the sum of what the edits did to v, a set
 * is the more promising the smaller {@code |e - v - s d|²}: effects nearly add under mean pooling,
 * and since attention, length and normalisation break that a little, the scale s is fitted within
 * narrow bounds. As all vectors have length 1, {@code 1 - |e - v - s d|² / 2} is the cosine to
 * expect.
 *
 * <p>Sets are grown from several starts by a beam search, one effect after the other. The effect of
 * a set that was paid for is an effect too, and a better one than the sum of its parts.
 */
final class EditSets implements Proposer {
  private final PoolTunables.Sets tunables;

  EditSets(PoolTunables.Sets tunables) {
    this.tunables = tunables;
  }

  @Override
  public double share() {
    return tunables.share();
  }

  @Override
  public ListMultimap<Target, Proposal> propose(List<Target> targets, Run run) {
    ListMultimap<Target, Proposal> proposals = Proposer.proposals();
    run.each(
        targets,
        t -> {
          List<List<Proposal>> lists = new ArrayList<>();
          for (Paid parent : t.poolState().parents()) {
            if (parent.hasNews()) {
              parent.newsTaken();
              lists.add(propose(parent, t.vector()));
            }
          }
          proposals.putAll(t, Interleaving.of(lists));
        });
    return proposals;
  }

  private List<Proposal> propose(Paid parent, float[] target) {
    return best(parent, target).stream().map(s -> Proposal.of(parent, s.changes())).toList();
  }

  /** The most promising sets of two effects and more, most promising first. */
  List<EffectSet> best(Paid parent, float[] target) {
    EffectSums sums = new EffectSums(parent, target, tunables.effects());
    List<EffectSet> singles = new ArrayList<>();
    for (int i = 0; i < sums.size(); i++) {
      singles.add(sums.single(i));
    }
    singles.sort(EffectSet.PROMISING_FIRST);
    List<EffectSet> found = new ArrayList<>();
    Set<BitSet> seen = new HashSet<>();
    for (EffectSet start : singles.subList(0, Math.min(tunables.starts(), singles.size()))) {
      List<EffectSet> beam = List.of(start);
      while (!beam.isEmpty()) {
        beam = grow(beam, sums);
        beam.stream().filter(s -> seen.add(s.members())).forEach(found::add);
      }
    }
    found.sort(EffectSet.PROMISING_FIRST);
    return found.subList(0, Math.min(tunables.count(), found.size()));
  }

  /** The best sets of one effect more; none that promises less than the set it is grown from. */
  private List<EffectSet> grow(List<EffectSet> sets, EffectSums sums) {
    record Growth(EffectSet set, int effect, double residual) {}
    List<Growth> growths = new ArrayList<>();
    for (EffectSet s : sets) {
      for (int i = 0; i < sums.size(); i++) {
        if (s.size() + sums.effect(i).changes().size() <= tunables.size()
            && !s.touched().intersects(sums.effect(i).touched())) {
          double residual = sums.residualWith(s, i);
          if (residual < s.residual()) {
            growths.add(new Growth(s, i, residual));
          }
        }
      }
    }
    growths.sort(Comparator.comparingDouble(Growth::residual));
    List<EffectSet> grown = new ArrayList<>();
    Set<BitSet> tried = new HashSet<>();
    for (Growth g : growths) {
      if (grown.size() >= tunables.beam()) {
        break;
      }
      EffectSet set = sums.with(g.set(), g.effect());
      if (tried.add(set.members())) {
        grown.add(set);
      }
    }
    return grown;
  }
}
