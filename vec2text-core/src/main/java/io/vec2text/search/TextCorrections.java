package io.vec2text.search;

import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import io.vec2text.spi.Decoding;
import java.util.List;

/**
 * Beams and samples of the corrector, in turn, for each hypothesis that is expanded. Edits and
 * predictions find more in the time that these take, so they are for searches without edits.
 */
final class TextCorrections implements Proposer {
  /** Share of the quota, see {@link PoolSearch}. */
  private static final double SHARE = 3;

  /** Width of the beam search. */
  private static final int BEAMS = 8;

  /** Samples drawn. */
  private static final int SAMPLES = 8;

  /** Temperature of the samples. */
  private static final double TEMPERATURE = 0.8;

  @Override
  public double share() {
    return SHARE;
  }

  @Override
  public ListMultimap<Target, Proposal> propose(List<Target> targets, PoolRounds rounds) {
    SearchContext context = rounds.context();
    ListMultimap<Target, Proposal> proposals = Proposer.proposals();
    List<Query> queries =
        targets.stream()
            .flatMap(t -> t.expanding().stream().map(h -> Query.correct(t, h)))
            .toList();
    List<Decoding> decodings =
        List.of(context.beam(BEAMS), new Decoding.Sample(SAMPLES, TEMPERATURE));
    ListMultimap<Target, List<Proposal>> written =
        MultimapBuilder.linkedHashKeys().arrayListValues().build();
    for (Decoding decoding : decodings) {
      context
          .models()
          .correct(
              queries,
              decoding,
              (query, candidates) ->
                  written.put(
                      query.target(),
                      candidates.stream()
                          .map(c -> Proposal.of(Origin.CORRECTION, c.text()))
                          .toList()));
    }
    written.asMap().forEach((target, lists) -> proposals.putAll(target, Interleaving.of(lists)));
    return proposals;
  }
}
