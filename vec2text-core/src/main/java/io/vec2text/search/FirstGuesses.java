package io.vec2text.search;

import static java.util.stream.Collectors.groupingBy;

import com.google.common.collect.ListMultimap;
import java.util.List;

/** What the initial inverter found; without one, beams of the corrector. */
final class FirstGuesses implements Proposer {
  /** Width of the beam search. */
  private static final int BEAMS = 16;

  /** Part of the length of a long text that guesses have at least; beams prefer to end early. */
  private static final double LEAST_LENGTH = 0.8;

  @Override
  public double share() {
    return 1;
  }

  @Override
  public ListMultimap<Target, Proposal> propose(List<Target> targets, PoolRounds rounds) {
    ListMultimap<Target, Proposal> proposals = Proposer.proposals();
    targets.forEach(
        t -> t.guesses().forEach(g -> proposals.put(t, Proposal.of(Origin.FIRST_GUESS, g))));
    targets.stream()
        .filter(t -> t.guesses().isEmpty())
        .collect(groupingBy(t -> (int) (LEAST_LENGTH * t.tokensBeyondRange())))
        .forEach((least, alike) -> guess(alike, least, rounds.context(), proposals));
    return proposals;
  }

  private static void guess(
      List<Target> targets,
      int minTokens,
      SearchContext context,
      ListMultimap<Target, Proposal> proposals) {
    context
        .models()
        .correct(
            targets.stream().map(Query::first).toList(),
            context.beam(BEAMS, minTokens),
            (query, candidates) ->
                candidates.forEach(
                    c -> proposals.put(query.target(), Proposal.of(Origin.FIRST_GUESS, c.text()))));
  }
}
