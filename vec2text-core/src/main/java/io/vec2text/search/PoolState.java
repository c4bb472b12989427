package io.vec2text.search;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import com.google.common.collect.Multimaps;
import io.vec2text.Editor;
import io.vec2text.LanguageModel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@link PoolSearch} remembers of a target from round to round. */
final class PoolState {
  private final List<Lane> lanes = new ArrayList<>();
  private ImmutableSet<Integer> words = ImmutableSet.of();
  private @Nullable LanguageModel language;
  private @Nullable Paid lastBest;
  private boolean expanded;
  private boolean predictsOnly;
  private int idleRounds;

  /**
   * Decides, once a round, whether this round only predicts: after each round that does not, and
   * then for as long as the best changes.
   *
   * @param predicts whether there are predictions at all
   */
  boolean predictsOnly(@Nullable Paid best, boolean predicts) {
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
  void learnWords(Editor.Edits edits, int limit) {
    ListMultimap<Editor.Kind, Integer> byKind =
        MultimapBuilder.enumKeys(Editor.Kind.class).arrayListValues().build();
    edits.edits().forEach(e -> byKind.put(e.kind(), e.token()));
    byKind.removeAll(Editor.Kind.DELETE);
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
    for (Lane lane : lanes) {
      if (lane.proposer == proposer) {
        lane.fresh.addAll(proposals);
        return;
      }
    }
    Lane lane = new Lane(proposer);
    lane.fresh.addAll(proposals);
    lanes.add(lane);
  }

  /**
   * Shares out a number of bids: first among the proposals of this round, in proportion to their
   * proposers' shares; what is left among those that missed out in earlier rounds.
   *
   * @param bidder makes a bid of a proposal, or null if its text is not new
   */
  List<Bid> draw(int limit, Function<Proposal, @Nullable Bid> bidder) {
    List<Bid> bids = new ArrayList<>();
    draw(bids, limit, bidder, lane -> lane.fresh);
    draw(bids, limit, bidder, lane -> lane.missed);
    lanes.forEach(Lane::endRound);
    idleRounds = bids.isEmpty() ? idleRounds + 1 : 0;
    return bids;
  }

  private void draw(
      List<Bid> bids,
      int limit,
      Function<Proposal, @Nullable Bid> bidder,
      Function<Lane, Deque<Proposal>> source) {
    while (bids.size() < limit) {
      Lane next = null;
      for (Lane lane : lanes) {
        if (!source.apply(lane).isEmpty() && (next == null || lane.spent < next.spent)) {
          next = lane;
        }
      }
      if (next == null) {
        return;
      }
      Bid bid = bidder.apply(source.apply(next).remove());
      if (bid != null) {
        bids.add(bid);
        next.spent += 1 / next.proposer.share();
      }
    }
  }

  /** Rounds, the last one included, in which nothing was new. */
  int idleRounds() {
    return idleRounds;
  }

  /** The proposals of one proposer. */
  private static final class Lane {
    /** Proposals that missed out, kept for a round that has nothing better. */
    private static final int MISSED = 256;

    private final Proposer proposer;
    private final Deque<Proposal> fresh = new ArrayDeque<>();
    private final Deque<Proposal> missed = new ArrayDeque<>();
    private double spent;

    private Lane(Proposer proposer) {
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
