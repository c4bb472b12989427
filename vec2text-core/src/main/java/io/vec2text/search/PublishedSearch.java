package io.vec2text.search;

import io.vec2text.StopReason;
import io.vec2text.spi.Corrector.Candidate;
import io.vec2text.spi.Decoding;
import java.util.Comparator;
import java.util.List;

/** See {@link Search#published}. */
final class PublishedSearch extends SequenceBeamSearch {
  PublishedSearch(int steps, int width) {
    super(steps, width);
  }

  /** Without corrections the guess is the answer, and then it may be as long as a correction. */
  @Override
  Decoding guessing(SearchContext context) {
    return steps == 0 ? new Decoding.Beam(1, 0, Integer.MAX_VALUE) : Decoding.greedy();
  }

  @Override
  Decoding correcting(SearchContext context) {
    return new Decoding.Beam(width);
  }

  /** Unique by token ids, as which it is corrected as well. */
  @Override
  SelectedProposal select(Target target, Origin origin, Candidate written, SearchContext context) {
    String form = written.tokens().isEmpty() ? written.text() : written.tokens().toString();
    return new SelectedProposal(target, Proposal.ofTokens(origin, written), written.text(), form);
  }

  /** Of the step's own candidates, whatever was found before, the first of equals. */
  @Override
  void selectHypotheses(Target target, List<SelectedProposal> candidates) {
    List<EvaluatedText> ranking =
        evaluated(target, candidates)
            .sorted(Comparator.comparingDouble(EvaluatedText::cosine).reversed())
            .toList();
    if (!ranking.isEmpty()) {
      target.rank(ranking);
      target.expanding(ranking.subList(0, Math.min(width, ranking.size())));
    }
    if (target.round() >= steps) {
      target.exhausted(StopReason.BUDGET);
    }
  }

  @Override
  boolean stopsWhenFound() {
    return false;
  }

  @Override
  public String toString() {
    return "published:" + steps + "x" + width;
  }
}
