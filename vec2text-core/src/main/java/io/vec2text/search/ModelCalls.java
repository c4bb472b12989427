package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import com.google.common.collect.Multimap;
import com.google.common.collect.Multimaps;
import io.vec2text.Embedder;
import io.vec2text.InferenceException;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.TokenEditScorer;
import io.vec2text.spi.WordPredictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks embedder, corrector and initial inverter on behalf of many targets at once. Each target is
 * charged its share of the time. An error stays with the targets that it concerns: where a call for
 * several fails, each is asked for alone, and only those that fail again have failed.
 */
final class ModelCalls {
  /** The sizes of an inverter's calls, learned over all its searches. */
  static final class Sizes {
    private final CallSizer embedding = new CallSizer();
    private final CallSizer scoring = new CallSizer();
    private final CallSizer predicting = new CallSizer();
  }

  private final Embedder embedder;
  private final Corrector corrector;
  private final InversionOptions options;
  private final CallLimits limits;
  private final Sizes sizes;
  private final Counters counters;

  ModelCalls(
      Embedder embedder,
      Corrector corrector,
      InversionOptions options,
      CallLimits limits,
      Sizes sizes,
      Counters counters) {
    this.embedder = embedder;
    this.corrector = corrector;
    this.options = options;
    this.limits = limits;
    this.sizes = sizes;
    this.counters = counters;
  }

  /** Embeds candidates; their targets take them in. */
  void embed(List<SelectedProposal> selected) {
    Map<Target, Double> before = new LinkedHashMap<>();
    selected.forEach(s -> before.put(s.target(), s.target().bestCosine()));
    // Texts of like length together: most embedders pad a batch to its longest.
    List<SelectedProposal> sorted = new ArrayList<>(selected);
    sorted.sort(Comparator.comparingInt(s -> s.text().length()));
    ask(
        sorted,
        SelectedProposal::target,
        part -> embedTexts(Lists.transform(part, SelectedProposal::text)),
        (proposal, vector) -> {
          counters.embedded(proposal.proposal().origin());
          proposal.target().add(proposal, vector);
        },
        sizes.embedding,
        counters.embeddingNanos);
    before.forEach(
        (target, cosine) -> {
          EvaluatedText best = target.pool().best();
          if (best != null && best.cosine() > cosine) {
            counters.improved(best.origin());
          }
        });
  }

  private List<float[]> embedTexts(List<String> texts) {
    // An embedder of somebody's own may return what its type forbids.
    float @Nullable [][] given = embedder.embed(ImmutableList.copyOf(texts));
    int dimension = embedder.space().dimension();
    if (given == null || given.length != texts.size() || Arrays.asList(given).contains(null)) {
      throw new InferenceException(
          String.format(
              "the embedder gave %s for %d texts, expected as many vectors of dimension %d",
              given == null
                  ? "null"
                  : given.length == texts.size() ? "null for a text" : given.length + " vectors",
              texts.size(),
              dimension));
    }
    ImmutableList<float[]> vectors = ImmutableList.copyOf(given);
    for (float[] v : vectors) {
      if (v.length != dimension) {
        throw new InferenceException(
            "the embedder gave a vector of dimension " + v.length + ", expected " + dimension);
      }
      for (float x : v) {
        if (!Float.isFinite(x)) {
          throw new InferenceException(
              "the embedder gave a vector with a component " + x + ", expected finite numbers");
        }
      }
    }
    return vectors;
  }

  /** Has texts written. */
  void correct(
      List<Query> queries,
      Decoding decoding,
      BiConsumer<Query, List<Corrector.Candidate>> receiver) {
    ask(
        queries,
        Query::target,
        all ->
            corrector.correct(
                ImmutableList.copyOf(Lists.transform(all, Query::request)),
                decoding,
                options.cancellation()),
        (query, candidates) -> {
          counters.decodes.add(candidates.size());
          query.target().budget().decoded(candidates.size());
          receiver.accept(query, candidates);
        },
        null,
        counters.decodingNanos);
  }

  /** Has the single-token edits of the queries' hypotheses scored. */
  void scoreEdits(TokenEditScorer scorer, List<Query> queries, int substitutions, int insertions) {
    ask(
        queries,
        Query::target,
        part ->
            scorer.edits(
                ImmutableList.copyOf(Lists.transform(part, Query::request)),
                substitutions,
                insertions),
        (query, edits) -> query.improved().edits(edits),
        sizes.scoring,
        counters.decodingNanos);
  }

  /** Has the targets' words predicted, where there is a predictor. */
  void predictWords(List<Target> targets, int words) {
    WordPredictor predictor = corrector.wordPredictor().orElse(null);
    if (predictor != null) {
      ask(
          targets,
          t -> t,
          part ->
              predictor.predict(ImmutableList.copyOf(Lists.transform(part, Target::whole)), words),
          Target::predictedWords,
          sizes.predicting,
          counters.decodingNanos);
    }
  }

  /** Lets the initial inverter make the targets' first guesses, for half the budget at most. */
  void start(List<Target> targets, Inverter initial) {
    InversionOptions forInitial =
        options.toBuilder()
            .maxEmbeddings(Math.max(1, options.maxEmbeddings() / 2))
            .trace(false)
            .listener((index, outcome) -> {})
            .build();
    ask(
        targets,
        t -> t,
        all ->
            initial.invertAll(
                ImmutableList.copyOf(Lists.transform(all, Target::whole)), forInitial),
        (Target t, Outcome outcome) -> {
          InversionResult result = outcome.orThrow();
          counters.decodes.add(result.cost().decodes());
          t.start(result);
        },
        null,
        counters.decodingNanos);
  }

  /**
   * Asks a model.
   *
   * @param sizer sizes the calls of a model that can't be cancelled; null for one call
   */
  private <Q, A> void ask(
      List<Q> questions,
      Function<Q, Target> owner,
      Function<List<Q>, List<A>> call,
      BiConsumer<Q, A> receiver,
      @Nullable CallSizer sizer,
      LongAdder clock) {
    int end;
    for (int i = 0; i < questions.size(); i = end) {
      end = sizer == null ? questions.size() : Math.min(questions.size(), i + sizer.size());
      ImmutableList<Q> due =
          questions.subList(i, end).stream()
              .filter(q -> limits.allow(owner.apply(q)))
              .collect(ImmutableList.toImmutableList());
      if (!limits.cancelled() && !due.isEmpty()) {
        long start = System.nanoTime();
        askTogether(due, owner, call, receiver, clock);
        if (sizer != null) {
          sizer.measured(due.size(), System.nanoTime() - start);
        }
      }
    }
  }

  private <Q, A> void askTogether(
      ImmutableList<Q> questions,
      Function<Q, Target> owner,
      Function<List<Q>, List<A>> call,
      BiConsumer<Q, A> receiver,
      LongAdder clock) {
    RuntimeException error = attempt(questions, owner, call, receiver, clock);
    if (error == null || limits.cancelled()) {
      return;
    }
    Multimap<Target, Q> byTarget = Multimaps.index(questions, owner::apply);
    for (Target target : byTarget.keySet()) {
      RuntimeException e =
          byTarget.keySet().size() == 1
              ? error
              : attempt(ImmutableList.copyOf(byTarget.get(target)), owner, call, receiver, clock);
      if (limits.cancelled()) {
        return;
      }
      if (e != null) {
        target.fail(e);
      }
    }
  }

  /** Asks all at once. Returns what was thrown, and then no answer was received. */
  private <Q, A> @Nullable RuntimeException attempt(
      List<Q> questions,
      Function<Q, Target> owner,
      Function<List<Q>, List<A>> call,
      BiConsumer<Q, A> receiver,
      LongAdder clock) {
    long start = System.nanoTime();
    List<A> answers;
    try {
      answers = call.apply(questions);
      if (answers.size() != questions.size()) {
        throw new InferenceException(
            "a model gave " + answers.size() + " answers, expected " + questions.size());
      }
    } catch (RuntimeException e) {
      return e;
    } finally {
      long nanos = System.nanoTime() - start;
      clock.add(nanos);
      limits.charge(Lists.transform(questions, owner::apply), nanos);
    }
    for (int i = 0; i < answers.size(); i++) {
      Q question = questions.get(i);
      A answer = answers.get(i);
      owner.apply(question).attempt(t -> receiver.accept(question, answer));
    }
    return null;
  }
}
