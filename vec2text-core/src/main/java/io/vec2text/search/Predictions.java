package io.vec2text.search;

import com.carrotsearch.hppc.LongIntHashMap;
import com.google.common.collect.ListMultimap;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
import com.google.common.primitives.Ints;
import io.vec2text.Tokenization;
import io.vec2text.spi.TokenContributions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Texts a few changes away from the closest ones that a {@link Surrogate}, learned afresh each
 * round from what was embedded, predicts to be closer still. A beam search over changes (any
 * promising word anywhere, any token dropped, any {@linkplain Reorderings order}) judges thousands
 * of texts for the price of embedding a few.
 */
final class Predictions implements Proposer {
  private final PoolSearchParameters.Predictions parameters;
  private final double fluency;

  /**
   * Predictions.
   *
   * @param fluency what a nat of log-probability is worth in cosine, at cosine 0
   */
  Predictions(PoolSearchParameters.Predictions parameters, double fluency) {
    this.parameters = parameters;
    this.fluency = fluency;
  }

  @Override
  public double share() {
    return parameters.share();
  }

  @Override
  public ListMultimap<Target, Proposal> propose(List<Target> targets, Run run) {
    ListMultimap<Target, Proposal> proposals = Proposer.proposals();
    Tokenization tokenization = run.tokenization();
    if (tokenization != null) {
      Map<Target, List<ScoredText>> drafts = new ConcurrentHashMap<>();
      run.eachAtOnce(targets, t -> drafts.put(t, drafts(t, run)));
      for (Target t : targets) {
        for (ScoredText d : drafts.getOrDefault(t, List.of())) {
          proposals.put(t, Proposal.of(Origin.PREDICTION, tokenization.decode(d.tokens())));
        }
      }
    }
    return proposals;
  }

  private List<ScoredText> drafts(Target target, Run run) {
    List<EvaluatedText> all = target.pool().best(Integer.MAX_VALUE);
    run.read(all);
    all.removeIf(p -> p.tokens().length == 0);
    if (all.isEmpty()) {
      return List.of();
    }
    // Names and numbers never read well, so every other round asks for less fluency.
    Fluency fluent =
        run.fluency(target, target.round() % 2 == 0 ? fluency : parameters.relaxed() * fluency);
    List<EvaluatedText> pool = fluent.bestFirst(all);
    EvaluatedText closest = pool.get(0);
    TokenContributions vectors = target.words(run.tokenContributions());
    Surrogate surrogate =
        new Surrogate(closest, pool, target.aim(), parameters.known(), parameters.rank(), vectors);
    int[] origin = closest.tokens();
    double originFluency = fluent.of(origin, origin.length);
    Set<ImmutableIntArray> seen = new HashSet<>();
    pool.forEach(p -> seen.add(ImmutableIntArray.copyOf(p.tokens())));
    int[] tokens =
        Stream.of(
                closest.missing(vectors, target.aim(), parameters.missing()).stream(),
                target.poolState().words().stream(),
                first(pool, parameters.read()).stream()
                    .flatMap(p -> Ints.asList(p.tokens()).stream()),
                Stream.ofNullable(UnknownTokens.of(target, run)))
            .flatMap(s -> s)
            .distinct()
            .mapToInt(w -> w)
            .toArray();
    Surrogate.Words words = surrogate.words(tokens);

    List<ScoredText> beam = new ArrayList<>();
    for (EvaluatedText p : first(pool, parameters.starts())) {
      beam.add(new ScoredText(p.tokens(), surrogate.sums(p.tokens()), 0));
    }
    List<ScoredText> kept = new ArrayList<>();
    for (int depth = 0; depth < parameters.depth(); depth++) {
      // The most promising texts one change away from any of the beam.
      BestTexts best = new BestTexts(parameters.kept(), seen);
      for (ScoredText d : beam) {
        EditEvaluator changed = new EditEvaluator(d, surrogate, fluent, originFluency);
        for (Edit change : changes(d.tokens())) {
          changed.make(change);
          changed.offerTo(best);
        }
        for (Edit gap : gaps(d.tokens(), run.tokenLimit())) {
          changed.make(gap);
          changed.offerTo(best, words);
        }
      }
      List<ScoredText> found = best.toList();
      beam = first(found, parameters.beam());
      kept.addAll(found);
    }
    kept.sort(ScoredText.BEST_FIRST);
    return diverse(kept, surrogate);
  }

  private static <T> List<T> first(List<T> list, int n) {
    return list.subList(0, Math.min(n, list.size()));
  }

  /** Changes that write no word. */
  private static List<Edit> changes(int[] tokens) {
    List<Edit> changes = Reorderings.of(tokens);
    for (int i = 0; i < tokens.length; i++) {
      changes.add(new Edit.Deletion(i));
    }
    return changes;
  }

  /** Changes that leave a gap for a word, in the place of one or between two. */
  private static List<Edit> gaps(int[] tokens, int tokenLimit) {
    List<Edit> gaps = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      gaps.add(new Edit.Substitution(i, EditEvaluator.MASK));
    }
    for (int i = 0; i <= tokens.length && tokens.length < tokenLimit; i++) {
      gaps.add(new Edit.Insertion(i, EditEvaluator.MASK));
    }
    return gaps;
  }

  /** The most promising, but of those that bet on the same unknown feature only a few. */
  private List<ScoredText> diverse(List<ScoredText> drafts, Surrogate surrogate) {
    List<ScoredText> chosen = new ArrayList<>();
    LongIntHashMap bets = new LongIntHashMap();
    for (ScoredText d : drafts) {
      if (chosen.size() >= parameters.count()) {
        break;
      }
      ImmutableLongArray unknown = surrogate.unknownFeatures(d.tokens());
      if (unknown.stream().allMatch(f -> bets.get(f) < parameters.same())) {
        unknown.stream().distinct().forEach(f -> bets.addTo(f, 1));
        chosen.add(d);
      }
    }
    return chosen;
  }
}
