package io.vec2text.search;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ListMultimap;
import io.vec2text.StopReason;
import io.vec2text.spi.TokenEditScorer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rounds of {@link PoolSearch}. Rounds that expand a hypothesis, and embed candidates of all
 * kinds, take turns with rounds that only predict from what was learned: that costs little, and
 * what it finds is the better hypothesis to expand next.
 */
final class PoolRounds implements Search.Rounds {
  private final SearchContext context;
  private final Collection<Proposer> beginners;
  private final Collection<Proposer> improvers;
  private final boolean predicts;
  private final Map<Target, PoolState> states = new ConcurrentHashMap<>();

  /**
   * No round yet.
   *
   * @param beginners propose in the first round of a target
   * @param improvers propose in all others
   * @param predicts whether predictions are among those
   */
  PoolRounds(
      SearchContext context,
      Collection<Proposer> beginners,
      Collection<Proposer> improvers,
      boolean predicts) {
    this.context = context;
    this.beginners = beginners;
    this.improvers = improvers;
    this.predicts = predicts;
  }

  SearchContext context() {
    return context;
  }

  /** What is remembered of a target. */
  PoolState state(Target target) {
    return states.computeIfAbsent(target, t -> new PoolState());
  }

  /** The fluency prior of a target; {@code weight} is its weight at cosine 0. */
  Fluency fluency(Target target, double weight) {
    return new Fluency(
        state(target).remembering(context.languageModel()), target.fluencyWeight(weight));
  }

  @Override
  public void round(List<Target> targets) {
    states.keySet().retainAll(ImmutableSet.copyOf(targets));
    List<Target> begun = targets.stream().filter(t -> t.round() > 0).toList();
    propose(beginners, targets.stream().filter(t -> t.round() == 0).toList());
    expand(begun);
    propose(improvers, begun);

    List<SelectedProposal> selected = new ArrayList<>();
    context.each(targets, t -> selected.addAll(select(t)));
    context.models().embed(selected);
  }

  private void propose(Collection<Proposer> proposers, List<Target> targets) {
    for (Proposer p : proposers) {
      List<Target> live = targets.stream().filter(Target::live).toList();
      ListMultimap<Target, Proposal> proposals = p.propose(live, this);
      proposals.keySet().forEach(t -> state(t).offer(p, proposals.get(t)));
    }
  }

  /** Picks the hypotheses to expand, close ones that read well, and has their edits scored. */
  private void expand(List<Target> targets) {
    List<Query> queries = new ArrayList<>();
    context.each(
        targets,
        t -> {
          if (state(t).predictsOnly(t.pool().best(), predicts)) {
            t.expanding(List.of());
            return;
          }
          List<EvaluatedText> close = t.pool().unexpanded(PoolSearch.FRONTIER);
          context.tokenize(close);
          List<EvaluatedText> chosen =
              fluency(t, PoolSearch.FLUENCY).bestFirst(close).stream()
                  .limit(PoolSearch.WIDTH)
                  .toList();
          chosen.forEach(p -> queries.add(Query.correct(t, p)));
          // With all of them expanded, chance may still find something new around the best.
          t.expanding(chosen.isEmpty() ? t.pool().best(1) : chosen);
        });
    TokenEditScorer scorer = context.editScorer();
    if (scorer != null) {
      context.models().scoreEdits(scorer, queries, TokenEdits.SUBSTITUTIONS, TokenEdits.INSERTIONS);
    }
    for (Query q : queries) {
      TokenEditScorer.Edits edits = q.improved().edits();
      if (edits != null) {
        state(q.target()).learnWords(edits, Predictions.WORDS);
      }
    }
  }

  private List<SelectedProposal> select(Target target) {
    Set<String> forms = new HashSet<>();
    PoolState state = state(target);
    List<SelectedProposal> selected =
        state.select(
            Math.min(PoolSearch.QUOTA, target.remaining()),
            p -> {
              SelectedProposal candidate = context.select(target, p);
              return target.pool().find(candidate.form()) == null && forms.add(candidate.form())
                  ? candidate
                  : null;
            });
    if (selected.isEmpty() && target.pool().size() == 0) {
      return List.of(context.select(target, Proposal.of(Origin.FIRST_GUESS, "")));
    }
    if (state.idleRounds() >= PoolSearch.PATIENCE) {
      target.exhausted(StopReason.STALLED);
    }
    return selected;
  }
}
