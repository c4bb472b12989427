package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * See {@link Search#pool()}. Its constants, here and of its proposers, were chosen with 40
 * sentences of 9-16 tokens of the dev split; the experiments are in training/EXPERIMENTS.md. What
 * matters most: that a nat of fluency is worth .01 to .03, and small rounds, which learn more
 * often.
 *
 * <p>A proposer's share is the part of a round's quota that it gets where all have enough to
 * propose, in proportion to the sum of the shares.
 */
final class PoolSearch extends Search {
  /** Hypotheses expanded in a round, per target. */
  static final int WIDTH = 1;

  /** Closest unexpanded hypotheses to choose those from. */
  static final int FRONTIER = 64;

  /**
   * What a nat of a text's log-probability is worth in cosine, at cosine 0; it fades in proportion
   * to one less the best cosine, so that near the target only the vector counts.
   */
  static final double FLUENCY = 0.02;

  /** Texts embedded in a round, per target. */
  static final int QUOTA = 16;

  /** Rounds without a new candidate after which nothing new is expected. */
  static final int PATIENCE = 3;

  private final ImmutableSet<Source> without;
  private final ImmutableMap<Source, Proposer> improvers;

  PoolSearch(ImmutableSet<Source> without) {
    this.without = without;
    Map<Source, Proposer> all = new EnumMap<>(Source.class);
    all.put(Source.PREDICTIONS, new Predictions());
    all.put(Source.CORRECTIONS, new TextCorrections());
    all.put(Source.EDITS, new TokenEdits());
    all.put(Source.ORDERS, new Reorderings());
    all.keySet().removeAll(without);
    improvers = Maps.immutableEnumMap(all);
  }

  @Override
  PoolRounds begin(SearchContext context) {
    // Corrections stand in for edits where those can't be had.
    Source unwanted =
        context.editScorer() != null && improvers.containsKey(Source.EDITS)
            ? Source.CORRECTIONS
            : Source.EDITS;
    return new PoolRounds(
        context,
        ImmutableList.of(new FirstGuesses()),
        ImmutableList.<Proposer>builder()
            .addAll(Maps.filterKeys(improvers, s -> s != unwanted).values())
            .add(new UnknownTokens())
            .build(),
        context.tokenization() != null && improvers.containsKey(Source.PREDICTIONS));
  }

  @Override
  public String toString() {
    StringBuilder name = new StringBuilder("pool");
    without.stream()
        .sorted()
        .forEach(s -> name.append('-').append(s.name().toLowerCase(Locale.ROOT)));
    return name.toString();
  }
}
