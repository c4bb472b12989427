package io.vec2text.search;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import com.google.common.collect.Multimap;
import com.google.common.collect.Multimaps;
import com.google.common.primitives.Ints;
import io.vec2text.Embedder;
import io.vec2text.Evidence;
import io.vec2text.InferenceException;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.Tokenization;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.LanguageModel;
import io.vec2text.spi.TokenContributions;
import io.vec2text.spi.TokenEditScorer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call of an inverter: asks embedder and corrector on behalf of many targets at once. It
 * charges each target its share of the time, and keeps an error with the targets that it concerns:
 * where a call for several targets fails, each is asked for alone, and only those that fail again
 * have failed.
 */
final class Run {
  /** Texts in a call that can't be cancelled: half a second or so on two cores. */
  private static final int CHUNK = 256;

  private final Embedder embedder;
  private final Corrector corrector;
  private final InversionOptions options;
  private final Counters counters;
  private final @Nullable Tokenization tokenization;
  private final @Nullable TokenEditScorer editor;
  private final long timeLimitNanos;
  private long chargedNanos;
  private boolean interrupted;

  Run(Embedder embedder, Corrector corrector, InversionOptions options, Counters counters) {
    this.embedder = embedder;
    this.corrector = corrector;
    this.options = options;
    this.counters = counters;
    tokenization = embedder.tokenization().orElse(null);
    // Without a tokenization, nobody could spell what the editor proposes.
    editor = tokenization == null ? null : corrector.tokenEditScorer().orElse(null);
    timeLimitNanos = options.timeLimit().map(Run::saturatedNanos).orElse(Long.MAX_VALUE);
  }

  private static long saturatedNanos(Duration d) {
    return d.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0 ? d.toNanos() : Long.MAX_VALUE;
  }

  /** The tokenization of the embedder, if it shows it. */
  @Nullable Tokenization tokenization() {
    return tokenization;
  }

  /** Whether single-token edits can be scored, and spelled. */
  boolean hasEditor() {
    return editor != null;
  }

  /** The fluency prior of a target; {@code weight} is its weight at cosine 0. */
  Fluency fluency(Target target, double weight) {
    LanguageModel model = corrector.languageModel().orElse(Fluency.UNKNOWN);
    return new Fluency(target.poolState().remembering(model), target.fluencyWeight(weight));
  }

  /** What words add to a vector, if somebody can tell. */
  @Nullable TokenContributions tokenContributions() {
    return corrector.tokenContributions().orElse(null);
  }

  /** Tokens, special ones included, past which the embedder does not read. */
  int tokenLimit() {
    return embedder.space().tokenLimit();
  }

  /** A beam search of texts that the embedder reads to their end. */
  Decoding beam(int width) {
    return new Decoding.Beam(width, 0, tokenLimit());
  }

  /** Whether to stop. Remembers an interrupt, should a model swallow it. */
  boolean cancelled() {
    interrupted |= Thread.currentThread().isInterrupted();
    return interrupted || options.cancellation().requested();
  }

  /** Whether the thread was interrupted at any time. */
  boolean interrupted() {
    return interrupted;
  }

  /** The time that targets were charged so far, all together. */
  long chargedNanos() {
    return chargedNanos;
  }

  /** Whether a target has used up the work allowed to it. */
  boolean overdue(Target target) {
    return target.workNanos() >= timeLimitNanos;
  }

  /** Does something for each live target; one for which it throws has failed. */
  void each(Collection<Target> targets, Consumer<Target> action) {
    for (Target t : targets) {
      if (t.live()) {
        try {
          action.accept(t);
        } catch (RuntimeException e) {
          t.fail(e);
        }
      }
    }
  }

  /** Does something that takes time for each live target, for several at once. */
  void eachAtOnce(Collection<Target> targets, Consumer<Target> action) {
    Thread caller = Thread.currentThread();
    long start = System.nanoTime();
    targets.parallelStream()
        .filter(t -> !caller.isInterrupted() && !options.cancellation().requested())
        .forEach(t -> each(List.of(t), action));
    long nanos = System.nanoTime() - start;
    chargedNanos += nanos;
    targets.forEach(t -> t.charge(nanos / targets.size()));
  }

  /** Splits texts into tokens, where there is a tokenization and they are not known yet. */
  void read(List<EvaluatedText> texts) {
    List<EvaluatedText> unread = texts.stream().filter(p -> !p.hasTokens()).toList();
    if (tokenization != null && !unread.isEmpty()) {
      List<int[]> tokens = tokenization.encode(Lists.transform(unread, EvaluatedText::text));
      for (int i = 0; i < unread.size(); i++) {
        unread.get(i).tokens(tokens.get(i));
      }
    }
  }

  /** Spells a proposal and looks up its normal form. */
  SelectedProposal select(Target target, Proposal proposal) {
    String text = proposal.text(tokenization);
    return new SelectedProposal(target, proposal, text, embedder.normalize(text));
  }

  /** Embeds candidates; their targets take them in. */
  void embed(List<SelectedProposal> selected) {
    Map<Target, Double> before = new LinkedHashMap<>();
    selected.forEach(b -> before.put(b.target(), b.target().bestCosine()));
    // Texts of like length together: most embedders pad a batch to its longest.
    List<SelectedProposal> sorted = new ArrayList<>(selected);
    sorted.sort(Comparator.comparingInt(b -> b.text().length()));
    ask(
        sorted,
        SelectedProposal::target,
        chunk -> embedTexts(Lists.transform(chunk, SelectedProposal::text)),
        (candidate, vector) -> {
          counters.embedded(candidate.proposal().origin());
          candidate.target().add(candidate, vector);
        },
        CHUNK,
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
          query.target().decoded(candidates.size());
          receiver.accept(query, candidates);
        },
        Integer.MAX_VALUE,
        counters.decodingNanos);
  }

  /** Has the single-token edits of the queries' hypotheses scored, where there is an editor. */
  void edits(List<Query> queries, int substitutions, int insertions) {
    if (editor != null) {
      TokenEditScorer e = editor;
      ask(
          queries,
          Query::target,
          chunk ->
              e.edits(
                  ImmutableList.copyOf(Lists.transform(chunk, Query::request)),
                  substitutions,
                  insertions),
          (query, edits) -> query.improved().edits(edits),
          CHUNK,
          counters.decodingNanos);
    }
  }

  /** Ends targets that are another model's vectors, unless they are to be searched anyway. */
  void refuseForeign(List<Target> targets) {
    if (!options.searchAnyway()) {
      targets.stream().filter(Target::foreign).forEach(Target::refuse);
    }
  }

  /** Ends targets that are the vector of the empty text. */
  void tryEmptyText(List<Target> targets, EmptyText emptyText) {
    List<Target> live = targets.stream().filter(Target::live).toList();
    float[] empty = live.isEmpty() ? null : emptyText.vector(counters);
    if (empty != null) {
      each(
          live,
          t -> {
            if (t.isVectorOf(empty)) {
              t.add(select(t, Proposal.of(Origin.FIRST_GUESS, "")), empty);
              t.note(
                  new Evidence(Evidence.Kind.EMPTY_TEXT, "this is the vector of the empty text"));
              t.settle(true, false, false);
            }
          });
    }
  }

  /** Says of a target that is done whether its text holds tokens that the vocabulary lacks. */
  void noteUnknownTokens(Target target) {
    EvaluatedText answer = target.answer();
    if (tokenization != null && answer != null && tokenization.unknown().isPresent()) {
      read(List.of(answer));
      int unknown = tokenization.unknown().getAsInt();
      if (Ints.contains(answer.tokens(), unknown)) {
        target.note(
            new Evidence(
                Evidence.Kind.UNKNOWN_TOKENS,
                "the text holds characters that the model's vocabulary lacks, shown as "
                    + tokenization.decode(new int[] {unknown})));
      }
    }
  }

  /** Reads the targets' words off their vectors, where there is a bag of words. */
  void predictWords(List<Target> targets, int words) {
    corrector
        .wordPredictor()
        .ifPresent(
            predictor ->
                ask(
                    targets,
                    t -> t,
                    all ->
                        predictor.predict(
                            ImmutableList.copyOf(Lists.transform(all, Target::whole)), words),
                    Target::predictedWords,
                    CHUNK,
                    counters.decodingNanos));
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
        Integer.MAX_VALUE,
        counters.decodingNanos);
  }

  private <Q, A> void ask(
      List<Q> questions,
      Function<Q, Target> owner,
      Function<List<Q>, List<A>> call,
      BiConsumer<Q, A> receiver,
      int chunk,
      LongAdder clock) {
    for (List<Q> part : Lists.partition(questions, chunk)) {
      ImmutableList<Q> due =
          part.stream().filter(q -> due(owner.apply(q))).collect(ImmutableList.toImmutableList());
      if (cancelled() || due.isEmpty()) {
        continue;
      }
      RuntimeException error = attempt(due, owner, call, receiver, clock);
      if (error == null || cancelled()) {
        continue;
      }
      Multimap<Target, Q> byTarget = Multimaps.index(due, owner::apply);
      for (Target target : byTarget.keySet()) {
        RuntimeException e =
            byTarget.keySet().size() == 1
                ? error
                : attempt(ImmutableList.copyOf(byTarget.get(target)), owner, call, receiver, clock);
        if (cancelled()) {
          break;
        }
        if (e != null) {
          target.fail(e);
        }
      }
    }
  }

  /** A target is owed its first embedding, however late it is. */
  private boolean due(Target target) {
    return target.live() && (target.pool().size() == 0 || !overdue(target));
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
      chargedNanos += nanos;
      for (Q q : questions) {
        owner.apply(q).charge(nanos / questions.size());
      }
    }
    for (int i = 0; i < answers.size(); i++) {
      Q question = questions.get(i);
      A answer = answers.get(i);
      each(List.of(owner.apply(question)), t -> receiver.accept(question, answer));
    }
    return null;
  }
}
