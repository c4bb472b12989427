package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.vec2text.Evidence;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.InversionResult.PredictedWords;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.spi.Hypothesis;
import io.vec2text.spi.TokenContributions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One vector that is being inverted: all that its search knows, and nothing of the others. */
final class Target {
  private final int index;
  private final Examined examined;
  private final VectorForm form;
  private final boolean normalized;
  private final float[] vector;
  private final SplittableRandom random;
  private final CandidatePool pool = new CandidatePool();
  private final Budget budget;
  private final TargetResult result;
  private int round;
  private ImmutableList<String> guesses = ImmutableList.of();
  private ImmutableList<EvaluatedText> expanding = ImmutableList.of();
  private ImmutableList<EvaluatedText> ranking = ImmutableList.of();
  private VectorForm.@Nullable Estimate estimate;
  private @Nullable EvaluatedText estimatedFrom;
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
    vector = Vectors.unit(examined.vector());
    random = new SplittableRandom(Seeds.of(options.seed(), vector));
    budget = new Budget(options.maxEmbeddings());
    result =
        new TargetResult(
            examined,
            Examiner.stored(examined.vector(), examined.components(), options),
            options.trace());
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
    if (form instanceof VectorForm.Whole) {
      return examined.vector();
    }
    float[] scaled = new float[vector.length];
    Surrogate.add(scaled, (float) Vectors.norm(examined.vector()), whole());
    return scaled;
  }

  /** What tokens add to the vectors that the search learns from. */
  @Nullable TokenContributions contributions(@Nullable TokenContributions contributions) {
    return contributions == null ? null : form.words(contributions);
  }

  /** The weight of fluency: {@code weight} at cosine 0 of whole vectors. */
  double fluencyWeight(double weight) {
    return form.fluencyWeight(weight, bestCosine());
  }

  /** The source of all random choices made for this target. */
  SplittableRandom random() {
    return random;
  }

  /** All texts embedded for it. */
  CandidatePool pool() {
    return pool;
  }

  /** What was spent on it. */
  Budget budget() {
    return budget;
  }

  /** Cosine of the best so far; -1 before the first. */
  double bestCosine() {
    EvaluatedText best = pool.best();
    return best == null ? -1 : best.cosine();
  }

  /** The embeddings that may still be spent. */
  int remaining() {
    return budget.remaining(result.tooLong(bestCosine()));
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
   * Sets the answer and its alternatives, best first, where those are not the closest of the pool.
   *
   * @param texts of the pool, at least one
   */
  void rank(List<EvaluatedText> texts) {
    ranking = ImmutableList.copyOf(texts);
  }

  /** The answer so far, if anything was embedded. */
  @Nullable EvaluatedText answer() {
    return ranking.isEmpty() ? pool.best() : ranking.get(0);
  }

  /** What the initial inverter guessed; empty if there is none. */
  ImmutableList<String> guesses() {
    return guesses;
  }

  /** Takes over what the initial inverter found, and what it cost. */
  void start(InversionResult initial) {
    guesses =
        initial.alternatives().isEmpty()
            ? ImmutableList.of(initial.text())
            : ImmutableList.copyOf(
                Lists.transform(initial.alternatives(), InversionResult.Alternative::text));
    budget.embedded(initial.cost().embedderCalls());
    budget.decoded(initial.cost().decodes());
  }

  /** Takes in the words predicted from the vector. */
  void predictedWords(PredictedWords predicted) {
    result.predictedWords(predicted);
  }

  /** About how many tokens a text has that is probably too long to be written; 0 for another. */
  int tokensBeyondRange() {
    return result.tokensBeyondRange();
  }

  /** The predicted words of a text that is probably too long to be written; null for another. */
  @Nullable PredictedWords wordsBeyondRange() {
    return result.wordsBeyondRange();
  }

  /** Takes in what the search tells of the words of a text that is too long. */
  void foundWords(PredictedWords found) {
    result.foundWords(found);
  }

  /** Whether the vector is another model's. */
  boolean foreign() {
    return examined.foreign();
  }

  /** Takes in a text with its vector, as the embedder gave it. */
  void add(SelectedProposal selected, float[] embedding) {
    budget.embedded(1);
    double cosine = form.cosine(vector, embedding);
    float[] learned = unit(form.learned(embedding));
    Hypothesis hypothesis =
        new Hypothesis(
            selected.text(),
            !normalized
                ? embedding.clone()
                : form instanceof VectorForm.Whole ? learned : unit(embedding),
            cosine,
            selected.proposal().tokens());
    pool.add(selected.form(), new EvaluatedText(hypothesis, learned, selected.proposal().origin()));
  }

  private static float[] unit(float[] vector) {
    return Vectors.norm(vector) == 0 ? vector.clone() : Vectors.unit(vector);
  }

  /** Whether a text that was embedded elsewhere is the very one. */
  boolean isVectorOf(float[] embedding) {
    return result.verdict(form.cosine(vector, embedding)) == Verdict.EXACT;
  }

  /** Takes in what else was seen. */
  void note(Evidence seen) {
    result.add(seen);
  }

  /** Whether it is still searched for. */
  boolean live() {
    return stop == null && error == null;
  }

  /** Does something for it if it is live; if that throws, it has failed. */
  void attempt(Consumer<Target> action) {
    if (live()) {
      try {
        action.accept(this);
      } catch (RuntimeException e) {
        fail(e);
      }
    }
  }

  void fail(RuntimeException e) {
    if (live()) {
      error = e;
    }
  }

  /** Ends it without a search. */
  void refuse() {
    stop = StopReason.NOT_SEARCHED;
  }

  /** Says that the search has nothing more to do, which counts if nothing else has ended it. */
  void exhausted(StopReason reason) {
    exhausted = reason;
  }

  /** Ends it as found. */
  void found() {
    stop = StopReason.EXACT;
  }

  /** Ends a round. */
  void endRound() {
    round++;
    result.endRound(answer(), budget);
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
    if (whenFound && result.verdict(bestCosine()) == Verdict.EXACT) {
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

  /** What became of it; only once it is not live any more. */
  Outcome outcome() {
    if (error != null) {
      return Outcome.failed(error);
    }
    if (stop == null) {
      throw new IllegalStateException("the target is still being searched for");
    }
    return Outcome.of(result.of(ranking, pool, budget, stop));
  }
}
