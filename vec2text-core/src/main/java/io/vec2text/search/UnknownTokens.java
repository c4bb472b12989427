package io.vec2text.search;

import com.google.common.collect.ListMultimap;
import com.google.common.primitives.Ints;
import io.vec2text.Evidence;
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
  static @Nullable Integer of(Target target, SearchContext context) {
    Tokenization tokenization = context.tokenization();
    return tokenization == null
            || tokenization.unknown().isEmpty()
            || target.budget().embeddings() < AFTER
        ? null
        : (Integer) tokenization.unknown().getAsInt();
  }

  /** Notes of a target that is done that its text holds unknown tokens, if it does. */
  static void note(Target target, SearchContext context) {
    EvaluatedText answer = target.answer();
    Tokenization tokenization = context.tokenization();
    if (tokenization != null && answer != null && tokenization.unknown().isPresent()) {
      context.tokenize(List.of(answer));
      int unknown = tokenization.unknown().getAsInt();
      if (Ints.contains(answer.tokens(), unknown)) {
        target.note(
            new Evidence(
                Evidence.Kind.UNKNOWN_TOKENS,
                "the text holds characters that the model's vocabulary lacks, shown as "
                    + tokenization.decode(new int[] {unknown})));
      }
    }
  }

  @Override
  public ListMultimap<Target, Proposal> propose(List<Target> targets, PoolRounds rounds) {
    ListMultimap<Target, Proposal> proposals = Proposer.proposals();
    SearchContext context = rounds.context();
    context.each(
        targets,
        t -> {
          Integer unknown = of(t, context);
          EvaluatedText best = t.pool().best();
          if (unknown != null && best != null && t.round() % ROUNDS == 0) {
            context.tokenize(List.of(best));
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
