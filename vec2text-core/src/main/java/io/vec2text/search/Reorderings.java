package io.vec2text.search;

import com.google.common.collect.Comparators;
import com.google.common.collect.ListMultimap;
import io.vec2text.Tokenization;
import io.vec2text.internal.WordsAndMarks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words of the closest text in another order: all swaps of two tokens and moves of any span,
 * swaps of two numbers first, which read alike in either place, then those that read best, then
 * those over short distances. {@link Predictions} know little of neighbours that they have never
 * seen; this makes sure that no order next to the right one is missed.
 */
final class Reorderings implements Proposer {
  /** Share of the quota, see {@link PoolSearch}. */
  private static final double SHARE = 1;

  /** Proposed of a text: at one or two a round, enough for thousands of embeddings. */
  private static final int MOST = 256;

  @Override
  public double share() {
    return SHARE;
  }

  @Override
  public ListMultimap<Target, Proposal> propose(List<Target> targets, PoolRounds rounds) {
    ListMultimap<Target, Proposal> proposals = Proposer.proposals();
    SearchContext context = rounds.context();
    if (context.tokenization() != null) {
      context.eachInParallel(targets, t -> rank(t, rounds));
      for (Target t : targets) {
        EvaluatedText best = t.pool().best();
        List<Proposal> orders = best == null ? null : best.orders();
        if (orders != null) {
          proposals.putAll(t, orders);
        }
      }
    }
    return proposals;
  }

  private void rank(Target target, PoolRounds rounds) {
    record Ranked(Edit change, boolean numbers, double fluency, int distance) {}
    EvaluatedText best = target.pool().best();
    if (best == null || best.orders() != null) {
      return;
    }
    rounds.context().tokenize(List.of(best));
    int[] tokens = best.tokens();
    Fluency prior = rounds.fluency(target, PoolSearch.FLUENCY);
    Set<Integer> numbers = numbers(tokens, rounds.context().tokenization());
    best.orders(
        of(tokens).stream()
            .map(
                c ->
                    new Ranked(
                        c,
                        swaps(c, numbers),
                        prior.of(c.apply(tokens), tokens.length),
                        distance(c)))
            .collect(
                Comparators.least(
                    MOST,
                    Comparator.comparing((Ranked r) -> !r.numbers)
                        .thenComparingDouble(r -> -r.fluency)
                        .thenComparingInt(r -> r.distance)))
            .stream()
            .map(r -> Proposal.of(Origin.ORDER, best, r.change))
            .toList());
  }

  /** Whether a change exchanges two of some tokens. */
  private static boolean swaps(Edit change, Set<Integer> positions) {
    if (change instanceof Edit.Swap s) {
      return positions.contains(s.first()) && positions.contains(s.second());
    }
    Edit.Move m = (Edit.Move) change;
    return m.to() == m.from() + 2 && positions.contains(m.from()) && positions.contains(m.end());
  }

  /** Positions of tokens with digits. */
  private static Set<Integer> numbers(int[] tokens, @Nullable Tokenization tokenization) {
    Set<Integer> numbers = new HashSet<>();
    for (int i = 0; tokenization != null && i < tokens.length; i++) {
      if (WordsAndMarks.isNumber(tokenization.decode(new int[] {tokens[i]}))) {
        numbers.add(i);
      }
    }
    return numbers;
  }

  private static int distance(Edit change) {
    if (change instanceof Edit.Swap s) {
      return s.second() - s.first();
    }
    Edit.Move m = (Edit.Move) change;
    return m.to() - m.from() - 1;
  }

  /** All that change something. Spans move to the right only: that is how others move left. */
  static List<Edit> of(int[] tokens) {
    List<Edit> changes = new ArrayList<>();
    int n = tokens.length;
    for (int from = 0; from < n; from++) {
      for (int end = from + 1; end < n; end++) {
        for (int to = end + 1; to <= n; to++) {
          changes.add(new Edit.Move(from, end, to));
        }
        // Neighbours are swapped as spans.
        if (end > from + 1 && tokens[from] != tokens[end]) {
          changes.add(new Edit.Swap(from, end));
        }
      }
    }
    return changes;
  }
}
