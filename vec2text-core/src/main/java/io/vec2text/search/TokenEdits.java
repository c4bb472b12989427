package io.vec2text.search;

import com.google.common.collect.ListMultimap;
import io.vec2text.spi.TokenEditScorer;
import java.util.ArrayList;
import java.util.List;

/** The editor's most promising single-token edits of each hypothesis that is expanded. */
final class TokenEdits implements Proposer {
  /** Share of the quota, see {@link PoolSearch}. */
  private static final double SHARE = 4;

  /** Most promising substitutions. */
  static final int SUBSTITUTIONS = 28;

  /** Most promising insertions. */
  static final int INSERTIONS = 24;

  /** Most promising deletions. */
  private static final int DELETIONS = 6;

  @Override
  public double share() {
    return SHARE;
  }

  @Override
  public ListMultimap<Target, Proposal> propose(List<Target> targets, PoolRounds rounds) {
    SearchContext context = rounds.context();
    ListMultimap<Target, Proposal> proposals = Proposer.proposals();
    context.each(
        targets,
        t -> {
          List<List<Proposal>> lists = new ArrayList<>();
          for (EvaluatedText hypothesis : t.expanding()) {
            TokenEditScorer.Edits edits = hypothesis.takeEdits();
            if (edits != null && context.tokenization() != null) {
              lists.add(propose(hypothesis, edits, context.tokenLimit()));
            }
          }
          proposals.putAll(t, Interleaving.of(lists));
        });
    return proposals;
  }

  private List<Proposal> propose(
      EvaluatedText hypothesis, TokenEditScorer.Edits edits, int tokenLimit) {
    int length = edits.tokens().length;
    List<Proposal> substitutions = new ArrayList<>();
    List<Proposal> insertions = new ArrayList<>();
    List<Proposal> deletions = new ArrayList<>();
    for (TokenEditScorer.Edit e : edits.edits()) {
      switch (e.kind()) {
        case SUBSTITUTE -> {
          if (substitutions.size() < SUBSTITUTIONS) {
            substitutions.add(
                Proposal.of(
                    Origin.SUBSTITUTION,
                    hypothesis,
                    new Edit.Substitution(e.position(), e.token())));
          }
        }
        case INSERT -> {
          if (insertions.size() < INSERTIONS && length < tokenLimit) {
            insertions.add(
                Proposal.of(
                    Origin.INSERTION, hypothesis, new Edit.Insertion(e.position(), e.token())));
          }
        }
        case DELETE -> {
          if (deletions.size() < DELETIONS) {
            deletions.add(
                Proposal.of(Origin.DELETION, hypothesis, new Edit.Deletion(e.position())));
          }
        }
      }
    }
    return Interleaving.of(List.of(substitutions, insertions, deletions));
  }
}
