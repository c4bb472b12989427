package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.vec2text.Evidence;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.StoredPrecision;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.spi.Hypothesis;
import io.vec2text.spi.TokenContributions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
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
  private static final int LONG_TEXT_BUDGET = 200;

  private final int index;
  private final Examined examined;
  private final VectorForm form;
  private final boolean normalized;
  private final float[] vector;
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
  private ImmutableList<EvaluatedText> expanding = ImmutableList.of();
  private ImmutableList<EvaluatedText> ranking = ImmutableList.of();
  private @Nullable PredictedWords predictedWords;
  private VectorForm.@Nullable Estimate estimate;
  private @Nullable EvaluatedText estimatedFrom;
  private final List<Evidence> evidence;
  private @Nullable StopReason exhausted;
  private @Nullable StopReason stop;
  private @Nullable RuntimeException error;

  /**
   * A target.
   *
   * @param index position in its batch
   * @param examined the vector
   * @param normalized whether the vectors of its space have unit length
   */
  Target(int index, Examined examined, boolean normalized, InversionOptions options) {
    this.index = index;
    this.examined = examined;
    this.normalized = normalized;
    form = examined.form();
    norm = Vectors.norm(examined.vector());
    stored = Examiner.stored(examined.vector(), examined.components(), options);
    vector = Vectors.unit(examined.vector());
    evidence = new ArrayList<>(examined.evidence());
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

  /** The vector that those that the search learns from are to approach, of unit length. */
  float[] aim() {
    return estimate().aim();
  }

  /** The whole vector that is expected behind what is left of it, of unit length. */
  float[] whole() {
    return estimate().whole();
  }

  private VectorForm.Estimate estimate() {
    EvaluatedText best = pool.best();
    if (estimate == null || best != estimatedFrom) {
      estimatedFrom = best;
      float[] closest = best == null ? null : Vectors.unit(best.hypothesis().vector());
      estimate = form.estimate(vector, closest, bestCosine());
    }
    return estimate;
  }

  /** The whole vector in its space's own scale: of unit length only where all are. */
  float[] scaled() {
    if (normalized) {
      return whole();
    }
    float[] scaled = new float[vector.length];
    Surrogate.add(scaled, (float) norm, whole());
    return form instanceof VectorForm.Whole ? examined.vector() : scaled;
  }

  /** What words add to the vectors that the search learns from. */
  @Nullable TokenContributions words(@Nullable TokenContributions words) {
    return words == null ? null : form.words(words);
  }

  /** The weight of fluency: {@code weight} at cosine 0 of whole vectors. */
  double fluencyWeight(double weight) {
    return form.fluencyWeight(weight, bestCosine());
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
    EvaluatedText best = pool.best();
    return best == null ? -1 : best.cosine();
  }

  /** The embeddings that were embedded. */
  int calls() {
    return calls;
  }

  /** The embeddings that may still be embedded. */
  int remaining() {
    boolean hopeless =
        predictedWords != null
            && predictedWords.exceedsSupportedLength()
            && bestCosine() < Verdict.CLOSE_COSINE;
    int worth = hopeless ? Math.min(budget, LONG_TEXT_BUDGET) : budget;
    return Math.max(0, worth - calls);
  }

  /** Rounds behind it. */
  int round() {
    return round;
  }

  /** The hypotheses that the search works on in this round. */
  ImmutableList<EvaluatedText> expanding() {
    return expanding;
  }

  void expanding(List<EvaluatedText> hypotheses) {
    expanding = ImmutableList.copyOf(hypotheses);
    expanding.forEach(pool::expand);
  }

  /**
   * Says what the answer is, best first, where that is not simply the closest of the pool.
   *
   * @param evaluated texts of the pool, at least one
   */
  void rank(List<EvaluatedText> evaluated) {
    ranking = ImmutableList.copyOf(evaluated);
  }

  private List<EvaluatedText> answers(int n) {
    return ranking.isEmpty() ? pool.best(n) : ranking.subList(0, Math.min(n, ranking.size()));
  }

  @Nullable EvaluatedText answer() {
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

  /** Takes in what the vector says of its text; of another model's, it says nothing. */
  void predictedWords(PredictedWords predicted) {
    predictedWords = examined.foreign() ? null : predicted;
  }

  /** Whether the vector is another model's. */
  boolean foreign() {
    return examined.foreign();
  }

  /** Says that the vector is not worth a search. */
  void refuse() {
    stop = StopReason.NOT_SEARCHED;
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
  void add(SelectedProposal candidate, float[] embedding) {
    calls++;
    double cosine = form.cosine(vector, embedding);
    float[] learned = unit(form.learned(embedding));
    Hypothesis hypothesis =
        new Hypothesis(
            candidate.text(),
            !normalized
                ? embedding.clone()
                : form instanceof VectorForm.Whole ? learned : unit(embedding),
            cosine,
            candidate.proposal().tokens());
    EvaluatedText evaluated = new EvaluatedText(hypothesis, learned, candidate.proposal().origin());
    pool.add(candidate.form(), evaluated);
  }

  private static float[] unit(float[] vector) {
    return Vectors.norm(vector) == 0 ? vector.clone() : Vectors.unit(vector);
  }

  /** Whether a text that was embedded elsewhere is the very one. */
  boolean isVectorOf(float[] embedding) {
    return verdict(form.cosine(vector, embedding)) == Verdict.EXACT;
  }

  /** Takes in what else was seen. */
  void note(Evidence seen) {
    evidence.add(seen);
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
    Verdict verdict = Verdict.of(cosine, stored, examined.components());
    return verdict == Verdict.EXACT && !form.decides(examined.components())
        ? Verdict.CLOSE
        : verdict;
  }

  /** What the vector said of its text, less what turned out to be wrong. */
  private Optional<PredictedWords> predictedWords() {
    return Optional.ofNullable(predictedWords)
        .map(c -> exact() ? new PredictedWords(c.words(), c.tokens(), false) : c);
  }

  /** Ends a round. */
  void endRound() {
    round++;
    EvaluatedText best = answer();
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
    EvaluatedText best = answer();
    double cosine = best == null ? 0 : best.cosine();
    ImmutableList.Builder<InversionResult.Alternative> alternatives = ImmutableList.builder();
    for (EvaluatedText p : answers(ALTERNATIVES)) {
      alternatives.add(new InversionResult.Alternative(p.text(), p.cosine()));
    }
    return Outcome.of(
        new InversionResult(
            best == null ? "" : best.text(),
            cosine,
            verdict(cosine),
            alternatives.build(),
            examined.foreign() ? ImmutableList.of() : WordConfidence.of(best, pool),
            predictedWords(),
            norm,
            stored,
            new InversionResult.Cost(calls, decodes, Duration.ofNanos(workNanos)),
            stop,
            trace,
            ImmutableList.sortedCopyOf(Comparator.comparing(Evidence::kind), evidence)));
  }
}
