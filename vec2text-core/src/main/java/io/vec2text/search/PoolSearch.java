package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Maps;
import io.vec2text.StopReason;
import io.vec2text.spi.TokenEditScorer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * See {@link Search#pool()}. Rounds that expand a hypothesis, and embed candidates of all kinds,
 * take turns with rounds that only predict from what was learned: that costs little, and what it
 * finds is the better hypothesis to expand next.
 */
final class PoolSearch extends Search {
  private final PoolSearchParameters parameters;
  private final ImmutableSet<Source> without;
  private final ImmutableList<Proposer> beginners;
  private final ImmutableMap<Source, Proposer> improvers;
  private final Proposer unknownTokens = new UnknownTokens();

  PoolSearch(PoolSearchParameters parameters, ImmutableSet<Source> without) {
    this.parameters = parameters;
    this.without = without;
    beginners = ImmutableList.of(new FirstGuesses(parameters.guesses()));
    Map<Source, Proposer> all = new EnumMap<>(Source.class);
    all.put(Source.PREDICTIONS, new Predictions(parameters.predictions(), parameters.fluency()));
    all.put(Source.CORRECTIONS, new TextCorrections(parameters.corrections()));
    all.put(Source.EDITS, new TokenEdits(parameters.edits()));
    all.put(Source.ORDERS, new Reorderings(parameters.orders(), parameters.fluency()));
    all.keySet().removeAll(without);
    improvers = Maps.immutableEnumMap(all);
  }

  /** The proposers of a run: corrections stand in for edits where those can't be had. */
  private Collection<Proposer> improvers(Run run) {
    Source unwanted =
        run.hasEditor() && improvers.containsKey(Source.EDITS) ? Source.CORRECTIONS : Source.EDITS;
    return ImmutableList.<Proposer>builder()
        .addAll(Maps.filterKeys(improvers, s -> s != unwanted).values())
        .add(unknownTokens)
        .build();
  }

  @Override
  void round(List<Target> targets, Run run) {
    List<Target> begun = targets.stream().filter(t -> t.round() > 0).toList();
    propose(beginners, targets.stream().filter(t -> t.round() == 0).toList(), run);
    expand(begun, run);
    propose(improvers(run), begun, run);

    List<SelectedProposal> selected = new ArrayList<>();
    run.each(targets, t -> selected.addAll(choose(t, run)));
    run.embed(selected);
  }

  private static void propose(Collection<Proposer> proposers, List<Target> targets, Run run) {
    for (Proposer p : proposers) {
      List<Target> live = targets.stream().filter(Target::live).toList();
      ListMultimap<Target, Proposal> proposals = p.propose(live, run);
      proposals.keySet().forEach(t -> t.poolState().offer(p, proposals.get(t)));
    }
  }

  /** Picks the hypotheses to expand, close ones that read well, and has their edits scored. */
  private void expand(List<Target> targets, Run run) {
    List<Query> queries = new ArrayList<>();
    run.each(
        targets,
        t -> {
          if (predictsOnly(t, run)) {
            t.expanding(List.of());
            return;
          }
          List<EvaluatedText> close = t.pool().unexpanded(parameters.frontier());
          run.read(close);
          List<EvaluatedText> chosen =
              run.fluency(t, parameters.fluency()).bestFirst(close).stream()
                  .limit(parameters.width())
                  .toList();
          chosen.forEach(p -> queries.add(Query.correct(t, p)));
          // With all of them expanded, chance may still find something new around the best.
          t.expanding(chosen.isEmpty() ? t.pool().best(1) : chosen);
        });
    run.edits(queries, parameters.edits().substitutions(), parameters.edits().insertions());
    for (Query q : queries) {
      TokenEditScorer.Edits edits = q.improved().edits();
      if (edits != null) {
        q.target().poolState().learnWords(edits, parameters.predictions().words());
      }
    }
  }

  private boolean predictsOnly(Target target, Run run) {
    boolean predicts = run.tokenization() != null && !without.contains(Source.PREDICTIONS);
    return target.poolState().predictsOnly(target.pool().best(), predicts);
  }

  private List<SelectedProposal> choose(Target target, Run run) {
    Set<String> forms = new HashSet<>();
    PoolState state = target.poolState();
    List<SelectedProposal> selected =
        state.select(
            Math.min(parameters.quota(), target.remaining()),
            p -> {
              SelectedProposal candidate = run.select(target, p);
              return target.pool().find(candidate.form()) == null && forms.add(candidate.form())
                  ? candidate
                  : null;
            });
    if (selected.isEmpty() && target.pool().size() == 0) {
      return List.of(run.select(target, Proposal.of(Origin.FIRST_GUESS, "")));
    }
    if (state.idleRounds() >= parameters.patience()) {
      target.exhausted(StopReason.STALLED);
    }
    return selected;
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
