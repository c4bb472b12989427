package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** See {@link Search#pool()}. */
final class PoolSearch extends Search {
  private final PoolSearchParameters parameters;
  private final ImmutableSet<Source> without;
  private final ImmutableMap<Source, Proposer> improvers;

  PoolSearch(PoolSearchParameters parameters, ImmutableSet<Source> without) {
    this.parameters = parameters;
    this.without = without;
    double fluency = parameters.fluency();
    Map<Source, Proposer> all = new EnumMap<>(Source.class);
    all.put(Source.PREDICTIONS, new Predictions(parameters.predictions(), fluency));
    all.put(Source.CORRECTIONS, new TextCorrections(parameters.corrections()));
    all.put(Source.EDITS, new TokenEdits(parameters.edits()));
    all.put(Source.ORDERS, new Reorderings(parameters.orders(), fluency));
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
        parameters,
        context,
        ImmutableList.of(new FirstGuesses(parameters.guesses())),
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
