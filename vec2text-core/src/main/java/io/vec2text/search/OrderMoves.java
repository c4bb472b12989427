package io.vec2text.search;

import com.google.common.collect.ListMultimap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * The words of a hypothesis in another order. There are far too many orders to pay for: a
 * hypothesis that is expanded gets a random few, the best one near the target all swaps of two
 * tokens and moves of up to four, a few each round, those over short distances first.
 */
final class OrderMoves implements Proposer {
  private static final int LONGEST_SPAN = 4;

  private final PoolTunables.Orders tunables;

  OrderMoves(PoolTunables.Orders tunables) {
    this.tunables = tunables;
  }

  @Override
  public double share() {
    return tunables.share();
  }

  @Override
  public ListMultimap<Target, Proposal> propose(List<Target> targets, Run run) {
    ListMultimap<Target, Proposal> proposals = Proposer.proposals();
    run.each(
        targets,
        t -> {
          List<List<Proposal>> lists = new ArrayList<>();
          Paid best = t.pool().best();
          if (best != null && best.cosine() >= tunables.near() && best.hasTokens()) {
            lists.add(near(best, t));
          }
          for (Paid hypothesis : t.expanding()) {
            if (hypothesis.hasTokens() && hypothesis.orders() == null) {
              lists.add(few(hypothesis, t.random()));
            }
          }
          proposals.putAll(t, Interleaving.of(lists));
        });
    return proposals;
  }

  private List<Proposal> near(Paid hypothesis, Target target) {
    Deque<Change> orders = hypothesis.orders();
    if (orders == null) {
      orders = all(hypothesis.tokens(), target.random());
      hypothesis.orders(orders);
    }
    List<Proposal> proposals = new ArrayList<>();
    while (proposals.size() < tunables.nearCount() && !orders.isEmpty()) {
      proposals.add(Proposal.of(hypothesis, orders.remove()));
    }
    if (!proposals.isEmpty()) {
      target.poolState().addParent(hypothesis);
    }
    return proposals;
  }

  /**
   * All swaps and moves that change something, neighbours first; like distances in random order.
   */
  private static Deque<Change> all(int[] tokens, SplittableRandom random) {
    List<Change> changes = all(tokens);
    Collections.shuffle(changes, new Random(random.nextLong()));
    changes.sort(Comparator.comparingInt(OrderMoves::distance));
    return new ArrayDeque<>(changes);
  }

  /** All swaps and moves that change something. */
  static List<Change> all(int[] tokens) {
    List<Change> changes = new ArrayList<>();
    int n = tokens.length;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        if (tokens[i] != tokens[j]) {
          changes.add(new Change.Swap(i, j));
        }
      }
      for (int end = i + 1; end <= Math.min(n, i + LONGEST_SPAN); end++) {
        for (int to = 0; to <= n; to++) {
          if (to < i || to > end) {
            changes.add(new Change.Move(i, end, to));
          }
        }
      }
    }
    return changes;
  }

  private static int distance(Change change) {
    if (change instanceof Change.Swap s) {
      return s.second() - s.first();
    }
    Change.Move m = (Change.Move) change;
    return Math.max(m.from() - m.to(), m.to() - m.end()) + m.end() - m.from() - 1;
  }

  private List<Proposal> few(Paid hypothesis, SplittableRandom random) {
    int n = hypothesis.tokens().length;
    List<Proposal> proposals = new ArrayList<>();
    if (n < 2) {
      return proposals;
    }
    for (int k = 0; k < tunables.count(); k++) {
      Change change;
      if (k % 2 == 0) {
        int i = random.nextInt(n - 1);
        change = new Change.Swap(i, i + 1);
      } else if (k % 4 == 1) {
        int i = random.nextInt(n);
        int j = (i + 1 + random.nextInt(n - 1)) % n;
        change = new Change.Swap(Math.min(i, j), Math.max(i, j));
      } else {
        int length = 1 + random.nextInt(Math.min(LONGEST_SPAN, n - 1));
        int from = random.nextInt(n - length + 1);
        int to = random.nextInt(n - length);
        change = new Change.Move(from, from + length, to < from ? to : to + length + 1);
      }
      proposals.add(Proposal.of(hypothesis, change));
    }
    return proposals;
  }
}
