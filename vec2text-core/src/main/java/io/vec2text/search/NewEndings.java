package io.vec2text.search;

import com.google.common.collect.ListMultimap;
import io.vec2text.Decoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** New endings: the first hypothesis is kept up to random positions and written on from there. */
final class NewEndings implements Proposer {
  private final PoolTunables.Endings tunables;

  NewEndings(PoolTunables.Endings tunables) {
    this.tunables = tunables;
  }

  @Override
  public double share() {
    return tunables.share();
  }

  @Override
  public ListMultimap<Target, Proposal> propose(List<Target> targets, Run run) {
    List<Query> queries = new ArrayList<>();
    for (Target t : targets) {
      if (!t.poolState().asks(Origin.REGENERATION)) {
        continue;
      }
      t.expanding().stream()
          .limit(1)
          .filter(h -> h.hasTokens() && h.tokens().length > 1)
          .forEach(
              h ->
                  t.random()
                      .ints(1, h.tokens().length)
                      .limit(tunables.prefixes())
                      .distinct()
                      .forEach(n -> queries.add(Query.keep(t, h, Arrays.copyOf(h.tokens(), n)))));
    }
    ListMultimap<Target, Proposal> proposals = Proposer.proposals();
    run.correct(
        queries,
        new Decoding.Sample(tunables.samples(), tunables.temperature()),
        (query, candidates) ->
            candidates.forEach(
                c -> proposals.put(query.target(), Proposal.of(Origin.REGENERATION, c.text()))));
    return proposals;
  }
}
