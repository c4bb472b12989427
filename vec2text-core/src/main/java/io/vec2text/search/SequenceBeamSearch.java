package io.vec2text.search;

import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import io.vec2text.Corrector.Candidate;
import io.vec2text.Decoding;
import io.vec2text.StopReason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Sequence-level beam search of Morris et al. 2023; greedy correction where the width is 1. */
class SequenceBeamSearch extends Search {
  final int steps;
  final int width;

  SequenceBeamSearch(int steps, int width) {
    this.steps = steps;
    this.width = width;
  }

  @Override
  final void round(List<Target> targets, Run run) {
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
        // The published search comes back to what it has corrected, and would get the same.
        t.expanding().stream()
            .filter(h -> h.corrections() == null)
            .forEach(h -> later.add(Query.correct(t, h)));
      } else if (t.guesses().isEmpty()) {
        first.add(Query.first(t));
      } else {
        t.guesses().stream()
            .limit(1)
            .forEach(g -> candidates.put(t, run.bid(t, Proposal.of(Origin.FIRST_GUESS, g))));
      }
    }
    run.correct(
        first,
        guessing(run),
        (q, written) ->
            candidates.putAll(q.target(), bids(q.target(), Origin.FIRST_GUESS, written, run)));
    run.correct(later, correcting(run), (q, written) -> q.improved().corrections(written));
    run.each(
        targets,
        t -> {
          if (t.round() == 0 && !candidates.containsKey(t)) {
            candidates.put(t, run.bid(t, Proposal.of(Origin.FIRST_GUESS, "")));
          }
          t.expanding().stream()
              .map(Paid::corrections)
              .filter(Objects::nonNull)
              .forEach(written -> candidates.putAll(t, bids(t, Origin.CORRECTION, written, run)));
        });
    return candidates;
  }

  private List<Bid> bids(Target target, Origin origin, List<Candidate> written, Run run) {
    return written.stream().map(c -> bid(target, origin, c, run)).toList();
  }

  /** How first guesses are decoded. */
  Decoding guessing(Run run) {
    return run.beam(1);
  }

  /** How corrections are decoded. */
  Decoding correcting(Run run) {
    return run.beam(width);
  }

  /** A candidate, with the form that makes it unique. */
  Bid bid(Target target, Origin origin, Candidate written, Run run) {
    return run.bid(target, Proposal.of(origin, written.text()));
  }

  /** Those of the step that come closest are corrected next, unless they were corrected before. */
  void select(Target target, List<Bid> candidates) {
    List<Paid> next =
        paid(target, candidates)
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

  /** Those of the step that were paid for, each once. */
  static Stream<Paid> paid(Target target, List<Bid> candidates) {
    return candidates.stream()
        .map(b -> target.pool().find(b.form()))
        .filter(Objects::nonNull)
        .distinct();
  }

  @Override
  public String toString() {
    return width == 1 ? "greedy:" + steps : "beam:" + steps + "x" + width;
  }
}
