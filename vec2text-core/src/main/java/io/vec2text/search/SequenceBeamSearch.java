package io.vec2text.search;

import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import io.vec2text.StopReason;
import io.vec2text.spi.Corrector.Candidate;
import io.vec2text.spi.Decoding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Sequence-level beam search of Morris et al. 2023; greedy correction where the width is 1. */
sealed class SequenceBeamSearch extends Search permits PublishedSearch {
  final int steps;
  final int width;

  SequenceBeamSearch(int steps, int width) {
    this.steps = steps;
    this.width = width;
  }

  @Override
  final Rounds begin(SearchContext context) {
    return targets -> round(targets, context);
  }

  private void round(List<Target> targets, SearchContext context) {
    ListMultimap<Target, SelectedProposal> candidates = write(targets, context);
    List<SelectedProposal> selected = new ArrayList<>();
    context.each(
        targets,
        t -> {
          Set<String> forms = new HashSet<>();
          candidates.get(t).stream()
              .filter(b -> t.pool().find(b.form()) == null && forms.add(b.form()))
              .limit(t.remaining())
              .forEach(selected::add);
        });
    context.models().embed(selected);
    context.each(targets, t -> selectHypotheses(t, candidates.get(t)));
  }

  /** Has the round's candidates written: first guesses, or corrections of the hypotheses. */
  private ListMultimap<Target, SelectedProposal> write(
      List<Target> targets, SearchContext context) {
    ListMultimap<Target, SelectedProposal> candidates =
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
            .forEach(g -> candidates.put(t, context.select(t, Proposal.of(Origin.FIRST_GUESS, g))));
      }
    }
    context
        .models()
        .correct(
            first,
            guessing(context),
            (q, written) ->
                candidates.putAll(
                    q.target(), candidates(q.target(), Origin.FIRST_GUESS, written, context)));
    context
        .models()
        .correct(later, correcting(context), (q, written) -> q.improved().corrections(written));
    context.each(
        targets,
        t -> {
          if (t.round() == 0 && !candidates.containsKey(t)) {
            candidates.put(t, context.select(t, Proposal.of(Origin.FIRST_GUESS, "")));
          }
          t.expanding().stream()
              .map(EvaluatedText::corrections)
              .filter(Objects::nonNull)
              .forEach(
                  written ->
                      candidates.putAll(t, candidates(t, Origin.CORRECTION, written, context)));
        });
    return candidates;
  }

  private List<SelectedProposal> candidates(
      Target target, Origin origin, List<Candidate> written, SearchContext context) {
    return written.stream().map(c -> select(target, origin, c, context)).toList();
  }

  /** How first guesses are decoded. */
  Decoding guessing(SearchContext context) {
    return context.beam(1);
  }

  /** How corrections are decoded. */
  Decoding correcting(SearchContext context) {
    return context.beam(width);
  }

  /** A candidate, with the form that makes it unique. */
  SelectedProposal select(Target target, Origin origin, Candidate written, SearchContext context) {
    return context.select(target, Proposal.of(origin, written.text()));
  }

  /** Those of the step that come closest are corrected next, unless they were corrected before. */
  void selectHypotheses(Target target, List<SelectedProposal> candidates) {
    List<EvaluatedText> next =
        evaluated(target, candidates)
            .filter(p -> !target.pool().isExpanded(p))
            .sorted(EvaluatedText.CLOSEST_FIRST)
            .limit(width)
            .toList();
    target.expanding(next);
    if (target.round() >= steps) {
      target.exhausted(StopReason.BUDGET);
    } else if (next.isEmpty()) {
      target.exhausted(StopReason.STALLED);
    }
  }

  /** Those of the step that were embedded, each once. */
  static Stream<EvaluatedText> evaluated(Target target, List<SelectedProposal> candidates) {
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
