package io.vec2text.search;

import com.google.common.collect.ListMultimap;
import io.vec2text.Tokenization;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The token that stands for what the vocabulary lacks, such as emoji, somewhere in the closest
 * text. No model proposes it, as training texts have none. Most searches are over before it is
 * tried; later on it is tried now and then, until {@link Predictions} have learned what it does.
 */
final class UnknownTokens implements Proposer {
  /** Embeddings after which a text that was not found may hold such tokens. */
  private static final int AFTER = 400;

  /** Rounds from one try to the next. */
  private static final int ROUNDS = 4;

  @Override
  public double share() {
    return 1;
  }

  /** The token, if a target's search has come to where it is tried. */
  static @Nullable Integer of(Target target, Run run) {
    Tokenization tokenization = run.tokenization();
    return tokenization == null || tokenization.unknown().isEmpty() || target.calls() < AFTER
        ? null
        : (Integer) tokenization.unknown().getAsInt();
  }

  @Override
  public ListMultimap<Target, Proposal> propose(List<Target> targets, Run run) {
    ListMultimap<Target, Proposal> proposals = Proposer.proposals();
    run.each(
        targets,
        t -> {
          Integer unknown = of(t, run);
          EvaluatedText best = t.pool().best();
          if (unknown != null && best != null && t.round() % ROUNDS == 0) {
            run.read(List.of(best));
            proposals.put(t, propose(best, unknown, t.round() / ROUNDS));
          }
        });
    return proposals;
  }

  /** Insertions from the end to the beginning, between them substitutions. */
  private static Proposal propose(EvaluatedText best, int unknown, int turn) {
    int length = best.tokens().length;
    int place = length - turn / 2 % (length + 1);
    return turn % 2 == 0 || place == length
        ? Proposal.of(Origin.INSERTION, best, new Edit.Insertion(place, unknown))
        : Proposal.of(Origin.SUBSTITUTION, best, new Edit.Substitution(place, unknown));
  }
}
