package io.vec2text.search;

import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import io.vec2text.Decoding;
import io.vec2text.StopReason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Sequence-level beam search of Morris et al. 2023; greedy correction where the width is 1. */
final class SequenceBeamSearch extends Search {
  private final int steps;
  private final int width;

  SequenceBeamSearch(int steps, int width) {
    this.steps = steps;
    this.width = width;
  }

  @Override
  void round(List<Target> targets, Run run) {
    ListMultimap<Target, Bid> candidates = write(targets, run);
    List<Bid> bids = new ArrayList<>();
    run.each(
        targets,
        t -> {
          Set<String> forms = new HashSet<>();
          candidates.get(t).stream()
              .filter(b -> t.pool().find(b.form()) == null && forms.add(b.form()))
              .limit(t.remaining())
              .forEach(bids::add);
        });
    run.embed(bids);
    run.each(targets, t -> select(t, candidates.get(t)));
  }

  /** Has the round's candidates written: first guesses, or corrections of the hypotheses. */
  private ListMultimap<Target, Bid> write(List<Target> targets, Run run) {
    ListMultimap<Target, Bid> candidates =
        MultimapBuilder.linkedHashKeys().arrayListValues().build();
    List<Query> first = new ArrayList<>();
    List<Query> later = new ArrayList<>();
    for (Target t : targets) {
      if (t.round() > 0) {
        t.expanding().forEach(h -> later.add(Query.correct(t, h)));
      } else if (t.guesses().isEmpty()) {
        first.add(Query.first(t));
      } else {
        t.guesses().stream().limit(1).forEach(g -> add(candidates, t, Origin.FIRST_GUESS, g, run));
      }
    }
    run.correct(
        first,
        Decoding.greedy(),
        (q, written) ->
            written.forEach(c -> add(candidates, q.target(), Origin.FIRST_GUESS, c.text(), run)));
    run.correct(
        later,
        new Decoding.Beam(width),
        (q, written) ->
            written.forEach(c -> add(candidates, q.target(), Origin.CORRECTION, c.text(), run)));
    run.each(
        targets,
        t -> {
          if (t.round() == 0 && !candidates.containsKey(t)) {
            add(candidates, t, Origin.FIRST_GUESS, "", run);
          }
        });
    return candidates;
  }

  private static void add(
      ListMultimap<Target, Bid> candidates, Target target, Origin origin, String text, Run run) {
    candidates.put(target, run.bid(target, Proposal.of(origin, text)));
  }

  /** Those of the step that come closest are corrected next, unless they were corrected before. */
  private void select(Target target, List<Bid> candidates) {
    List<Paid> next =
        candidates.stream()
            .map(b -> target.pool().find(b.form()))
            .filter(Objects::nonNull)
            .distinct()
            .filter(p -> !target.pool().isExpanded(p))
            .sorted(Paid.CLOSEST_FIRST)
            .limit(width)
            .toList();
    target.expanding(next);
    if (target.round() >= steps) {
      target.exhausted(StopReason.BUDGET);
    } else if (next.isEmpty()) {
      target.exhausted(StopReason.STALLED);
    }
  }

  @Override
  public String toString() {
    return width == 1 ? "greedy:" + steps : "beam:" + steps + "x" + width;
  }
}
