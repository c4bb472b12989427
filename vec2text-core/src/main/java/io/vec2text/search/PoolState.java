package io.vec2text.search;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import com.google.common.collect.Multimaps;
import io.vec2text.spi.LanguageModel;
import io.vec2text.spi.TokenEditScorer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@link PoolRounds} remember of a target. */
final class PoolState {
  private final List<ProposerQueue> lanes = new ArrayList<>();
  private ImmutableSet<Integer> words = ImmutableSet.of();
  private @Nullable LanguageModel language;
  private @Nullable EvaluatedText lastBest;
  private boolean expanded;
  private boolean predictsOnly;
  private int idleRounds;

  /**
   * Decides, once a round, whether this round only predicts: after each round that does not, and
   * then for as long as the best changes.
   *
   * @param predicts whether there are predictions at all
   */
  boolean predictsOnly(@Nullable EvaluatedText best, boolean predicts) {
    boolean changed = best != lastBest;
    lastBest = best;
    predictsOnly = predicts && expanded && (!predictsOnly || changed);
    expanded = true;
    return predictsOnly;
  }

  /**
   * Words that promise to be in the text, the likeliest of those of the last edits scored first.
   */
  ImmutableSet<Integer> words() {
    return words;
  }

  /** Learns words from scored edits; those learned longest ago may be dropped. */
  void learnWords(TokenEditScorer.Edits edits, int limit) {
    ListMultimap<TokenEditScorer.Kind, Integer> byKind =
        MultimapBuilder.enumKeys(TokenEditScorer.Kind.class).arrayListValues().build();
    edits.edits().forEach(e -> byKind.put(e.kind(), e.token()));
    byKind.removeAll(TokenEditScorer.Kind.DELETE);
    words =
        Stream.concat(
                Interleaving.of(List.copyOf(Multimaps.asMap(byKind).values())).stream(),
                words.stream())
            .distinct()
            .limit(limit)
            .collect(ImmutableSet.toImmutableSet());
  }

  /** A language model that remembers what the rounds before asked it. */
  LanguageModel remembering(LanguageModel model) {
    if (language == null) {
      language = new CachedLanguageModel(model);
    }
    return language;
  }

  /** Takes in a proposer's proposals of this round. */
  void offer(Proposer proposer, List<Proposal> proposals) {
    for (ProposerQueue lane : lanes) {
      if (lane.proposer == proposer) {
        lane.fresh.addAll(proposals);
        return;
      }
    }
    ProposerQueue lane = new ProposerQueue(proposer);
    lane.fresh.addAll(proposals);
    lanes.add(lane);
  }

  /**
   * Shares out a number of embeddings: first among the proposals of this round, in proportion to
   * their proposers' shares; what is left among those that missed out in earlier rounds.
   *
   * @param selector makes a candidate of a proposal, or null if its text is not new
   */
  List<SelectedProposal> select(
      int limit, Function<Proposal, @Nullable SelectedProposal> selector) {
    List<SelectedProposal> selected = new ArrayList<>();
    select(selected, limit, selector, lane -> lane.fresh);
    select(selected, limit, selector, lane -> lane.missed);
    lanes.forEach(ProposerQueue::endRound);
    idleRounds = selected.isEmpty() ? idleRounds + 1 : 0;
    return selected;
  }

  private void select(
      List<SelectedProposal> selected,
      int limit,
      Function<Proposal, @Nullable SelectedProposal> selector,
      Function<ProposerQueue, Deque<Proposal>> source) {
    while (selected.size() < limit) {
      ProposerQueue next = null;
      for (ProposerQueue lane : lanes) {
        if (!source.apply(lane).isEmpty() && (next == null || lane.spent < next.spent)) {
          next = lane;
        }
      }
      if (next == null) {
        return;
      }
      SelectedProposal candidate = selector.apply(source.apply(next).remove());
      if (candidate != null) {
        selected.add(candidate);
        next.spent += 1 / next.proposer.share();
      }
    }
  }

  /** Rounds, the last one included, in which nothing was new. */
  int idleRounds() {
    return idleRounds;
  }

  /** The proposals of one proposer. */
  private static final class ProposerQueue {
    /** Proposals that missed out, kept for a round that has nothing better. */
    private static final int MISSED = 256;

    private final Proposer proposer;
    private final Deque<Proposal> fresh = new ArrayDeque<>();
    private final Deque<Proposal> missed = new ArrayDeque<>();
    private double spent;

    private ProposerQueue(Proposer proposer) {
      this.proposer = proposer;
    }

    private void endRound() {
      while (!fresh.isEmpty()) {
        missed.addFirst(fresh.removeLast());
      }
      while (missed.size() > MISSED) {
        missed.removeLast();
      }
      spent = 0;
    }
  }
}
