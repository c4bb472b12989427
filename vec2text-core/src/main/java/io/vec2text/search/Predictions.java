package io.vec2text.search;

import com.carrotsearch.hppc.LongIntHashMap;
import com.google.common.collect.ListMultimap;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
import com.google.common.primitives.Ints;
import io.vec2text.Tokenization;
import io.vec2text.WordVectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
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
          proposals.put(t, Proposal.of(Origin.PREDICTION, tokenization.decode(d.tokens)));
        }
      }
    }
    return proposals;
  }

  /** A text that may be proposed, with its {@linkplain Surrogate#sums sums}. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Draft(int[] tokens, float[] sums, double promise) {
    private static final Comparator<Draft> PROMISING_FIRST =
        Comparator.comparingDouble(d -> -d.promise);
  }

  /** What texts are judged by. */
  private record Judge(Surrogate surrogate, Fluency fluency, double originFluency) {}

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
    WordVectors vectors = run.wordVectors();
    Surrogate surrogate =
        new Surrogate(closest, pool, target.vector(), tunables.known(), tunables.rank(), vectors);
    int[] origin = closest.tokens();
    Judge judge = new Judge(surrogate, fluent, fluent.of(origin, origin.length));
    Set<ImmutableIntArray> seen = new HashSet<>();
    pool.forEach(p -> seen.add(ImmutableIntArray.copyOf(p.tokens())));
    int[] words =
        Stream.of(
                closest.missing(vectors, target.vector(), tunables.missing()).stream(),
                target.poolState().words().stream(),
                first(pool, tunables.read()).stream()
                    .flatMap(p -> Ints.asList(p.tokens()).stream()))
            .flatMap(s -> s)
            .distinct()
            .mapToInt(w -> w)
            .toArray();

    List<Draft> beam = new ArrayList<>();
    for (Paid p : first(pool, tunables.starts())) {
      beam.add(new Draft(p.tokens(), surrogate.sums(p.tokens()), 0));
    }
    List<Draft> kept = new ArrayList<>();
    for (int depth = 0; depth < tunables.depth(); depth++) {
      List<Draft> changed = changed(beam, words, seen, run.tokenLimit(), judge);
      beam = first(changed, tunables.beam());
      kept.addAll(changed);
    }
    kept.sort(Draft.PROMISING_FIRST);
    return diverse(kept, surrogate);
  }

  /** The most promising texts one change away from any of the beam. */
  private List<Draft> changed(
      List<Draft> beam, int[] words, Set<ImmutableIntArray> seen, int tokenLimit, Judge judge) {
    Best best = new Best(tunables.kept(), seen);
    for (Draft d : beam) {
      Changed changed = new Changed(d, judge);
      for (Change change : changes(d.tokens)) {
        changed.make(change);
        best.offer(changed, changed.promise());
      }
      for (Change gap : gaps(d.tokens, tokenLimit)) {
        changed.open(gap);
        for (int w : words) {
          best.offer(changed, changed.promise(w));
        }
      }
    }
    return best.drafts.stream().sorted(Draft.PROMISING_FIRST).toList();
  }

  /** The most promising of the texts that are new. */
  private static final class Best {
    private final PriorityQueue<Draft> drafts =
        new PriorityQueue<>(Draft.PROMISING_FIRST.reversed());
    private final int most;
    private final Set<ImmutableIntArray> seen;

    Best(int most, Set<ImmutableIntArray> seen) {
      this.most = most;
      this.seen = seen;
    }

    void offer(Changed changed, double promise) {
      boolean full = drafts.size() >= most;
      if (promise > (full ? drafts.element().promise : Double.NEGATIVE_INFINITY)) {
        Draft draft = changed.draft(promise);
        if (seen.add(ImmutableIntArray.copyOf(draft.tokens))) {
          if (full) {
            drafts.remove();
          }
          drafts.add(draft);
        }
      }
    }
  }

  private static <T> List<T> first(List<T> list, int n) {
    return list.subList(0, Math.min(n, list.size()));
  }

  /** Changes of a text, judged one after the other in the same place: there are many. */
  private static final class Changed {
    /** Marks a token of the parent by its position, above all tokens. */
    private static final int POSITION = 1 << 28;

    private final Draft parent;
    private final Surrogate surrogate;
    private final Fluency.Near fluency;
    private final double originFluency;
    private final int[] changed;
    private final int[] inserted;
    private final int[] tokens;
    private final int[] from;
    private final int[] to;
    private final float[] around;
    private final float[] sums;
    private final TextFeatures.Receiver add;
    private final TextFeatures.Receiver remove;
    private int length;
    private int begin;
    private int end;

    Changed(Draft parent, Judge judge) {
      this.parent = parent;
      surrogate = judge.surrogate;
      fluency = judge.fluency.new Near(parent.tokens);
      originFluency = judge.originFluency;
      changed = new int[parent.tokens.length];
      inserted = new int[changed.length + 1];
      tokens = new int[changed.length + inserted.length];
      from = new int[tokens.length];
      to = new int[changed.length];
      sums = new float[parent.sums.length];
      around = new float[sums.length];
      add = (key, n) -> surrogate.addFeature(sums, key, n);
      remove = (key, n) -> surrogate.addFeature(sums, key, -n);
    }

    /** Makes a change of the parent. */
    void make(Change change) {
      int[] before = parent.tokens;
      for (int i = 0; i < before.length; i++) {
        changed[i] = POSITION + i;
      }
      Arrays.fill(inserted, -1);
      change.make(changed, inserted);
      length = Change.join(changed, inserted, tokens);
      Arrays.fill(to, TextFeatures.NONE);
      for (int i = 0; i < length; i++) {
        from[i] = TextFeatures.NONE;
        if (tokens[i] >= POSITION) {
          from[i] = tokens[i] - POSITION;
          to[from[i]] = i;
          tokens[i] = before[from[i]];
        }
      }
      begin = 0;
      while (begin < length && from[begin] == begin) {
        begin++;
      }
      int longer = length - before.length;
      end = length;
      while (end > begin && from[end - 1] == end - 1 - longer) {
        end--;
      }
      System.arraycopy(parent.sums, 0, sums, 0, sums.length);
      TextFeatures.eachWithoutCounterpart(
          before, before.length, to, length, begin, end - longer, remove);
      TextFeatures.eachWithoutCounterpart(tokens, length, from, before.length, begin, end, add);
    }

    /** Makes a change that leaves a gap for a word. */
    void open(Change gap) {
      make(gap);
      System.arraycopy(sums, 0, around, 0, sums.length);
    }

    /** The promise of the text after the last change, the least if no token is left. */
    double promise() {
      return length == 0
          ? Double.NEGATIVE_INFINITY
          : surrogate.promise(sums, length, fluency.of(tokens, length, begin, end) - originFluency);
    }

    /** The promise of the text with a token in the gap that was opened last. */
    double promise(int token) {
      tokens[begin] = token;
      System.arraycopy(around, 0, sums, 0, sums.length);
      TextFeatures.eachAt(tokens, length, begin, add);
      return promise();
    }

    /** The text that was judged last. */
    Draft draft(double promise) {
      return new Draft(Arrays.copyOf(tokens, length), sums.clone(), promise);
    }
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
      gaps.add(new Change.Substitution(i, TextFeatures.GAP));
    }
    for (int i = 0; i <= tokens.length && tokens.length < tokenLimit; i++) {
      gaps.add(new Change.Insertion(i, TextFeatures.GAP));
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
      ImmutableLongArray unknown = surrogate.unknownFeatures(d.tokens);
      if (unknown.stream().allMatch(f -> bets.get(f) < tunables.same())) {
        unknown.stream().distinct().forEach(f -> bets.addTo(f, 1));
        chosen.add(d);
      }
    }
    return chosen;
  }
}
