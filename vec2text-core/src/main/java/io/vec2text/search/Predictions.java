package io.vec2text.search;

import com.carrotsearch.hppc.LongIntHashMap;
import com.google.common.collect.ListMultimap;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
import com.google.common.primitives.Ints;
import io.vec2text.Tokenization;
import io.vec2text.WordVectors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Texts a few changes away from the closest ones that a {@link Surrogate}, learned afresh each
 * round from what was paid for, predicts to be closer still. A beam search over changes (any
 * promising word anywhere, any token dropped, any {@linkplain OrderMoves order}) judges thousands
 * of texts for the price of embedding a few.
 */
final class Predictions implements Proposer {
  private final PoolTunables.Predictions tunables;
  private final double fluency;

  /**
   * Predictions.
   *
   * @param fluency what a nat of log-probability is worth in cosine, at cosine 0
   */
  Predictions(PoolTunables.Predictions tunables, double fluency) {
    this.tunables = tunables;
    this.fluency = fluency;
  }

  @Override
  public double share() {
    return tunables.share();
  }

  @Override
  public ListMultimap<Target, Proposal> propose(List<Target> targets, Run run) {
    ListMultimap<Target, Proposal> proposals = Proposer.proposals();
    Tokenization tokenization = run.tokenization();
    if (tokenization != null) {
      Map<Target, List<Draft>> drafts = new ConcurrentHashMap<>();
      run.eachAtOnce(targets, t -> drafts.put(t, drafts(t, run)));
      for (Target t : targets) {
        for (Draft d : drafts.getOrDefault(t, List.of())) {
          proposals.put(t, Proposal.of(Origin.PREDICTION, tokenization.decode(d.tokens())));
        }
      }
    }
    return proposals;
  }

  private List<Draft> drafts(Target target, Run run) {
    List<Paid> all = target.pool().best(Integer.MAX_VALUE);
    run.read(all);
    all.removeIf(p -> p.tokens().length == 0);
    if (all.isEmpty()) {
      return List.of();
    }
    // Names and numbers never read well, so every other round asks for less fluency.
    Fluency fluent =
        run.fluency(target, target.round() % 2 == 0 ? fluency : tunables.relaxed() * fluency);
    List<Paid> pool = fluent.bestFirst(all);
    Paid closest = pool.get(0);
    WordVectors vectors = target.words(run.wordVectors());
    Surrogate surrogate =
        new Surrogate(closest, pool, target.aim(), tunables.known(), tunables.rank(), vectors);
    int[] origin = closest.tokens();
    double originFluency = fluent.of(origin, origin.length);
    Set<ImmutableIntArray> seen = new HashSet<>();
    pool.forEach(p -> seen.add(ImmutableIntArray.copyOf(p.tokens())));
    int[] tokens =
        Stream.of(
                closest.missing(vectors, target.aim(), tunables.missing()).stream(),
                target.poolState().words().stream(),
                first(pool, tunables.read()).stream()
                    .flatMap(p -> Ints.asList(p.tokens()).stream()),
                Stream.ofNullable(UnknownTokens.of(target, run)))
            .flatMap(s -> s)
            .distinct()
            .mapToInt(w -> w)
            .toArray();
    Surrogate.Words words = surrogate.words(tokens);

    List<Draft> beam = new ArrayList<>();
    for (Paid p : first(pool, tunables.starts())) {
      beam.add(new Draft(p.tokens(), surrogate.sums(p.tokens()), 0));
    }
    List<Draft> kept = new ArrayList<>();
    for (int depth = 0; depth < tunables.depth(); depth++) {
      // The most promising texts one change away from any of the beam.
      BestDrafts best = new BestDrafts(tunables.kept(), seen);
      for (Draft d : beam) {
        ChangedText changed = new ChangedText(d, surrogate, fluent, originFluency);
        for (Change change : changes(d.tokens())) {
          changed.make(change);
          changed.offerTo(best);
        }
        for (Change gap : gaps(d.tokens(), run.tokenLimit())) {
          changed.make(gap);
          changed.offerTo(best, words);
        }
      }
      List<Draft> found = best.toList();
      beam = first(found, tunables.beam());
      kept.addAll(found);
    }
    kept.sort(Draft.PROMISING_FIRST);
    return diverse(kept, surrogate);
  }

  private static <T> List<T> first(List<T> list, int n) {
    return list.subList(0, Math.min(n, list.size()));
  }

  /** Changes that write no word. */
  private static List<Change> changes(int[] tokens) {
    List<Change> changes = OrderMoves.of(tokens);
    for (int i = 0; i < tokens.length; i++) {
      changes.add(new Change.Deletion(i));
    }
    return changes;
  }

  /** Changes that leave a gap for a word, in the place of one or between two. */
  private static List<Change> gaps(int[] tokens, int tokenLimit) {
    List<Change> gaps = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      gaps.add(new Change.Substitution(i, ChangedText.GAP));
    }
    for (int i = 0; i <= tokens.length && tokens.length < tokenLimit; i++) {
      gaps.add(new Change.Insertion(i, ChangedText.GAP));
    }
    return gaps;
  }

  /** The most promising, but of those that bet on the same unknown feature only a few. */
  private List<Draft> diverse(List<Draft> drafts, Surrogate surrogate) {
    List<Draft> chosen = new ArrayList<>();
    LongIntHashMap bets = new LongIntHashMap();
    for (Draft d : drafts) {
      if (chosen.size() >= tunables.count()) {
        break;
      }
      ImmutableLongArray unknown = surrogate.unknownFeatures(d.tokens());
      if (unknown.stream().allMatch(f -> bets.get(f) < tunables.same())) {
        unknown.stream().distinct().forEach(f -> bets.addTo(f, 1));
        chosen.add(d);
      }
    }
    return chosen;
  }
}
