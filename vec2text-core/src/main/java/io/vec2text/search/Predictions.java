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
 * Texts a few edits away from the best ones that a {@link Surrogate}, fitted anew each round,
 * predicts to be closer still: a beam search over edits (any promising word anywhere, any token
 * deleted, any {@linkplain Reorderings reordering}), whose score is the surrogate's acquisition
 * score. Thousands of texts are scored for the price of embedding a few.
 */
final class Predictions implements Proposer {
  /** Share of the quota, see {@link PoolSearch}. */
  private static final double SHARE = 8;

  /** Texts proposed. */
  private static final int COUNT = 16;

  /** Part of its worth that fluency has in every other round. */
  private static final double RELAXED = 0.25;

  /** Closest texts that are changed. */
  private static final int BEAM_SEEDS = 3;

  /** Changes made one after the other. */
  private static final int DEPTH = 3;

  /** Texts kept for the next change. */
  private static final int BEAM = 6;

  /** Changed texts of each depth to choose the proposals from. */
  private static final int KEPT = 120;

  /** Words to write that the closest text most lacks, by what they add to a vector. */
  private static final int MISSING = 40;

  /** Words to write that promised most as edits. */
  static final int WORDS = 45;

  /** Closest texts whose words are written too. */
  private static final int VOCABULARY_TEXTS = 6;

  /** Texts of a round that may share a feature of which nothing is known. */
  private static final int MAX_PER_UNSEEN_FEATURE = 2;

  /** Texts to learn from. */
  private static final int TRAINING_TEXTS = 256;

  /** Directions kept of the space of vectors. */
  private static final int RANK = 32;

  @Override
  public double share() {
    return SHARE;
  }

  @Override
  public ListMultimap<Target, Proposal> propose(List<Target> targets, PoolRounds rounds) {
    ListMultimap<Target, Proposal> proposals = Proposer.proposals();
    SearchContext context = rounds.context();
    Tokenization tokenization = context.tokenization();
    if (tokenization != null) {
      Map<Target, List<ScoredText>> predicted = new ConcurrentHashMap<>();
      context.eachInParallel(targets, t -> predicted.put(t, predict(t, rounds)));
      for (Target t : targets) {
        for (ScoredText d : predicted.getOrDefault(t, List.of())) {
          proposals.put(t, Proposal.of(Origin.PREDICTION, tokenization.decode(d.tokens())));
        }
      }
    }
    return proposals;
  }

  private List<ScoredText> predict(Target target, PoolRounds rounds) {
    SearchContext context = rounds.context();
    List<EvaluatedText> all = target.pool().best(Integer.MAX_VALUE);
    context.tokenize(all);
    all.removeIf(p -> p.tokens().length == 0);
    if (all.isEmpty()) {
      return List.of();
    }
    // Names and numbers never read well, so every other round asks for less fluency.
    Fluency fluent =
        rounds.fluency(
            target, target.round() % 2 == 0 ? PoolSearch.FLUENCY : RELAXED * PoolSearch.FLUENCY);
    List<EvaluatedText> pool = fluent.bestFirst(all);
    EvaluatedText closest = pool.get(0);
    TokenContributions contributions = target.contributions(context.tokenContributions());
    Surrogate surrogate =
        Surrogate.fit(closest, pool, target.aim(), TRAINING_TEXTS, RANK, contributions);
    int[] origin = closest.tokens();
    double originFluency = fluent.of(origin, origin.length);
    Set<ImmutableIntArray> seen = new HashSet<>();
    pool.forEach(p -> seen.add(ImmutableIntArray.copyOf(p.tokens())));
    int[] tokens =
        Stream.of(
                closest.missing(contributions, target.aim(), MISSING).stream(),
                rounds.state(target).words().stream(),
                first(pool, VOCABULARY_TEXTS).stream()
                    .flatMap(p -> Ints.asList(p.tokens()).stream()),
                Stream.ofNullable(UnknownTokens.of(target, context)))
            .flatMap(s -> s)
            .distinct()
            .mapToInt(w -> w)
            .toArray();
    WordScores words = new WordScores(surrogate, tokens);

    List<ScoredText> beam = new ArrayList<>();
    for (EvaluatedText p : first(pool, BEAM_SEEDS)) {
      beam.add(new ScoredText(p.tokens(), surrogate.effects().sum(p.tokens()), 0));
    }
    List<ScoredText> kept = new ArrayList<>();
    for (int depth = 0; depth < DEPTH; depth++) {
      // The most promising texts one change away from any of the beam.
      BestTexts best = new BestTexts(KEPT, seen);
      for (ScoredText d : beam) {
        EditEvaluator evaluator = new EditEvaluator(d, surrogate, fluent, originFluency);
        for (Edit edit : unmasked(d.tokens())) {
          evaluator.apply(edit);
          evaluator.offerTo(best);
        }
        for (Edit edit : masked(d.tokens(), context.tokenLimit())) {
          evaluator.apply(edit);
          evaluator.offerTo(best, words);
        }
      }
      List<ScoredText> found = best.toList();
      beam = first(found, BEAM);
      kept.addAll(found);
    }
    kept.sort(ScoredText.BEST_FIRST);
    return diverse(kept, surrogate);
  }

  private static <T> List<T> first(List<T> list, int n) {
    return list.subList(0, Math.min(n, list.size()));
  }

  /** Edits that write no word. */
  private static List<Edit> unmasked(int[] tokens) {
    List<Edit> edits = Reorderings.of(tokens);
    for (int i = 0; i < tokens.length; i++) {
      edits.add(new Edit.Deletion(i));
    }
    return edits;
  }

  /** Edits that write a mask in place of a token or between two. */
  private static List<Edit> masked(int[] tokens, int tokenLimit) {
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      edits.add(new Edit.Substitution(i, EditEvaluator.MASK));
    }
    for (int i = 0; i <= tokens.length && tokens.length < tokenLimit; i++) {
      edits.add(new Edit.Insertion(i, EditEvaluator.MASK));
    }
    return edits;
  }

  /** Those of highest score, but only a few that share an unseen feature. */
  private List<ScoredText> diverse(List<ScoredText> texts, Surrogate surrogate) {
    List<ScoredText> chosen = new ArrayList<>();
    LongIntHashMap uses = new LongIntHashMap();
    for (ScoredText d : texts) {
      if (chosen.size() >= COUNT) {
        break;
      }
      ImmutableLongArray unknown = surrogate.unseenFeatures(d.tokens());
      if (unknown.stream().allMatch(f -> uses.get(f) < MAX_PER_UNSEEN_FEATURE)) {
        unknown.stream().distinct().forEach(f -> uses.addTo(f, 1));
        chosen.add(d);
      }
    }
    return chosen;
  }
}
