package io.vec2text.search;

import com.google.common.collect.ListMultimap;
import io.vec2text.Corrector;
import io.vec2text.Decoding;
import java.util.List;
import java.util.function.BiConsumer;

/** What the initial inverter found; without one, beams and samples of the corrector. */
final class FirstGuesses implements Proposer {
  private final PoolTunables.Guesses tunables;

  FirstGuesses(PoolTunables.Guesses tunables) {
    this.tunables = tunables;
  }

  @Override
  public double share() {
    return 1;
  }

  @Override
  public ListMultimap<Target, Proposal> propose(List<Target> targets, Run run) {
    ListMultimap<Target, Proposal> proposals = Proposer.proposals();
    targets.forEach(
        t -> t.guesses().forEach(g -> proposals.put(t, Proposal.of(Origin.FIRST_GUESS, g))));
    List<Target> unguessed = targets.stream().filter(t -> t.guesses().isEmpty()).toList();
    BiConsumer<Query, List<Corrector.Candidate>> receiver =
        (query, candidates) ->
            candidates.forEach(
                c -> proposals.put(query.target(), Proposal.of(Origin.FIRST_GUESS, c.text())));
    run.correct(
        unguessed.stream().map(Query::first).toList(), run.beam(tunables.beams()), receiver);
    run.correct(
        unguessed.stream().map(Query::first).toList(),
        new Decoding.Sample(tunables.samples(), tunables.temperature()),
        receiver);
    return proposals;
  }
}
