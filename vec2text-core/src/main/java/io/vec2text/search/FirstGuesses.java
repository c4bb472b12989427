package io.vec2text.search;

import com.google.common.collect.ListMultimap;
import java.util.List;

/** What the initial inverter found; without one, beams of the corrector. */
final class FirstGuesses implements Proposer {
  /** Width of the beam search. */
  private static final int BEAMS = 16;

  @Override
  public double share() {
    return 1;
  }

  @Override
  public ListMultimap<Target, Proposal> propose(List<Target> targets, PoolRounds rounds) {
    ListMultimap<Target, Proposal> proposals = Proposer.proposals();
    targets.forEach(
        t -> t.guesses().forEach(g -> proposals.put(t, Proposal.of(Origin.FIRST_GUESS, g))));
    List<Target> unguessed = targets.stream().filter(t -> t.guesses().isEmpty()).toList();
    rounds
        .context()
        .models()
        .correct(
            unguessed.stream().map(Query::first).toList(),
            rounds.context().beam(BEAMS),
            (query, candidates) ->
                candidates.forEach(
                    c -> proposals.put(query.target(), Proposal.of(Origin.FIRST_GUESS, c.text()))));
    return proposals;
  }
}
