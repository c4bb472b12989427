package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.vec2text.BagOfWords;
import io.vec2text.Hypothesis;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.StoredPrecision;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One vector that is being inverted: all that its search knows, and nothing of the others. */
final class Target {
  private static final int ALTERNATIVES = 10;

  /**
   * What is worth spending on a text that seems longer than the models can write. Unless that comes
   * close, and the text only seemed so, it can't be found, and all that is wanted is a text on the
   * same subject.
   */
  private static final int BEYOND_RANGE_BUDGET = 200;

  private final int index;
  private final float[] vector;
  private final float[] scaled;
  private final double norm;
  private final StoredPrecision stored;
  private final SplittableRandom random;
  private final boolean traced;
  private final CandidatePool pool = new CandidatePool();
  private final PoolState poolState = new PoolState();
  private final List<InversionResult.Round> trace = new ArrayList<>(0);
  private final int budget;
  private int calls;
  private int decodes;
  private long workNanos;
  private int round;
  private ImmutableList<String> guesses = ImmutableList.of();
  private ImmutableList<Paid> expanding = ImmutableList.of();
  private ImmutableList<Paid> ranking = ImmutableList.of();
  private BagOfWords.@Nullable Contents contents;
  private @Nullable StopReason exhausted;
  private @Nullable StopReason stop;
  private @Nullable RuntimeException error;

  /**
   * A target.
   *
   * @param index position in its batch
   * @param given the vector as it was given, already checked
   * @param normalized whether the vectors of its space have unit length
   */
  Target(int index, float[] given, boolean normalized, InversionOptions options) {
    this.index = index;
    norm = Vectors.norm(given);
    stored =
        options
            .noise()
            .map(noise -> new StoredPrecision(StoredPrecision.Format.DECLARED, noise))
            .orElseGet(() -> StoredPrecision.of(given));
    vector = Vectors.unit(given);
    scaled = normalized ? vector : given.clone();
    random = new SplittableRandom(seed(options.seed(), vector));
    traced = options.trace();
    budget = options.maxEmbeddings();
  }

  /** Depends on the vector rather than its position, so that a batch changes no result. */
  private static long seed(long seed, float[] vector) {
    long h = mix(seed);
    for (float x : vector) {
      h = mix(h ^ Float.floatToIntBits(x));
    }
    return h;
  }

  /** The finalizer of splitmix64 (Steele et al. 2014). */
  private static long mix(long z) {
    z += 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  int index() {
    return index;
  }

  /** The vector to approach, of unit length. */
  float[] vector() {
    return vector;
  }

  /** The vector to approach in its space's own scale: of unit length only where all are. */
  float[] scaled() {
    return scaled;
  }

  /** The source of all random choices made for this target. */
  SplittableRandom random() {
    return random;
  }

  CandidatePool pool() {
    return pool;
  }

  PoolState poolState() {
    return poolState;
  }

  /** Cosine of the best so far; -1 before the first. */
  double bestCosine() {
    Paid best = pool.best();
    return best == null ? -1 : best.cosine();
  }

  /** The embeddings that may still be paid for. */
  int remaining() {
    boolean hopeless =
        contents != null && contents.beyondRange() && bestCosine() < Verdict.CLOSE_COSINE;
    int worth = hopeless ? Math.min(budget, BEYOND_RANGE_BUDGET) : budget;
    return Math.max(0, worth - calls);
  }

  /** Rounds behind it. */
  int round() {
    return round;
  }

  /** The hypotheses that the search works on in this round. */
  ImmutableList<Paid> expanding() {
    return expanding;
  }

  void expanding(List<Paid> hypotheses) {
    expanding = ImmutableList.copyOf(hypotheses);
    expanding.forEach(pool::expand);
  }

  /**
   * Says what the answer is, best first, where that is not simply the closest of the pool.
   *
   * @param paid texts of the pool, at least one
   */
  void rank(List<Paid> paid) {
    ranking = ImmutableList.copyOf(paid);
  }

  private List<Paid> answers(int n) {
    return ranking.isEmpty() ? pool.best(n) : ranking.subList(0, Math.min(n, ranking.size()));
  }

  private @Nullable Paid answer() {
    return ranking.isEmpty() ? pool.best() : ranking.get(0);
  }

  /** What the initial inverter guessed; empty if there is none. */
  ImmutableList<String> guesses() {
    return guesses;
  }

  /** Takes over what the initial inverter found, at its price. */
  void start(InversionResult initial) {
    guesses =
        initial.alternatives().isEmpty()
            ? ImmutableList.of(initial.text())
            : ImmutableList.copyOf(
                Lists.transform(initial.alternatives(), InversionResult.Alternative::text));
    calls += initial.cost().embedderCalls();
    decodes += initial.cost().decodes();
  }

  void contents(BagOfWords.Contents contents) {
    this.contents = contents;
  }

  void decoded(int texts) {
    decodes += texts;
  }

  void charge(long nanos) {
    workNanos += nanos;
  }

  long workNanos() {
    return workNanos;
  }

  /** Takes in a text with its vector, as the embedder gave it. */
  void pay(Bid bid, float[] embedding) {
    calls++;
    double n = Vectors.norm(embedding);
    double cosine = Vectors.cosine(vector, embedding);
    float[] unit = n == 0 ? embedding.clone() : Vectors.unit(embedding);
    Hypothesis hypothesis =
        new Hypothesis(
            bid.text(),
            scaled == vector ? unit : embedding.clone(),
            cosine,
            bid.proposal().tokens());
    Paid paid = new Paid(hypothesis, unit, bid.proposal().origin());
    pool.add(bid.form(), paid);
  }

  boolean live() {
    return stop == null && error == null;
  }

  /** Says that the search has nothing more to do, which counts if nothing else has ended it. */
  void exhausted(StopReason reason) {
    exhausted = reason;
  }

  /**
   * Ends the target if there is a reason to.
   *
   * @param whenFound whether the text's being found is one
   */
  void settle(boolean whenFound, boolean cancelled, boolean overdue) {
    if (!live()) {
      return;
    }
    if (whenFound && exact()) {
      stop = StopReason.EXACT;
    } else if (cancelled) {
      stop = StopReason.CANCELLED;
    } else if (remaining() == 0) {
      stop = StopReason.BUDGET;
    } else if (overdue) {
      stop = StopReason.DEADLINE;
    } else {
      stop = exhausted;
    }
  }

  void fail(RuntimeException e) {
    if (live()) {
      error = e;
    }
  }

  /** Whether the text was found. */
  private boolean exact() {
    return verdict(bestCosine()) == Verdict.EXACT;
  }

  private Verdict verdict(double cosine) {
    return Verdict.of(cosine, stored, vector.length);
  }

  /** What the vector said of its text, less what turned out to be wrong. */
  private Optional<BagOfWords.Contents> contents() {
    return Optional.ofNullable(contents)
        .map(c -> exact() ? new BagOfWords.Contents(c.words(), c.tokens(), false) : c);
  }

  /** Ends a round. */
  void endRound() {
    round++;
    Paid best = answer();
    if (traced && best != null) {
      Duration work = Duration.ofNanos(workNanos);
      trace.add(new InversionResult.Round(calls, work, best.text(), best.cosine()));
    }
  }

  /** What became of it; only once it is not live any more. */
  Outcome outcome() {
    if (error != null) {
      return Outcome.failed(error);
    }
    if (stop == null) {
      throw new IllegalStateException("the target is still being searched for");
    }
    Paid best = answer();
    double cosine = best == null ? 0 : best.cosine();
    ImmutableList.Builder<InversionResult.Alternative> alternatives = ImmutableList.builder();
    for (Paid p : answers(ALTERNATIVES)) {
      alternatives.add(new InversionResult.Alternative(p.text(), p.cosine()));
    }
    return Outcome.of(
        new InversionResult(
            best == null ? "" : best.text(),
            cosine,
            verdict(cosine),
            alternatives.build(),
            WordConfidence.of(best, pool),
            contents(),
            norm,
            stored,
            new InversionResult.Cost(calls, decodes, Duration.ofNanos(workNanos)),
            stop,
            trace,
            List.of()));
  }
}
