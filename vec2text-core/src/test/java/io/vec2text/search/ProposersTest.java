package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ListMultimap;
import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.ForwardingCorrector;
import io.vec2text.spi.LanguageModel;
import io.vec2text.spi.TokenEditScorer;
import io.vec2text.testing.ToyCorrector;
import io.vec2text.testing.ToyEmbedder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each proposer alone, on one target. */
class ProposersTest {
  private static final String TEXT = "the old king loved the sea";

  private final ToyEmbedder embedder = new ToyEmbedder();
  private final Corrector corrector = new ToyCorrector(embedder);
  private final PoolRounds rounds = rounds(embedder, corrector);
  private final SearchContext context = rounds.context();
  private final Target target =
      new Target(
          0,
          new Examiner(embedder.space(), null)
              .examine(embedder.embed(List.of(TEXT))[0], InversionOptions.defaults()),
          true,
          InversionOptions.defaults());

  private static PoolRounds rounds(Embedder embedder, Corrector corrector) {
    InversionOptions options = InversionOptions.defaults();
    CallLimits limits = new CallLimits(options);
    ModelCalls models =
        new ModelCalls(
            embedder, corrector, options, limits, new ModelCalls.Sizes(), new Counters());
    return new PoolSearch(ImmutableSet.of())
        .begin(new SearchContext(embedder, corrector, models, limits, new SearchThreads(1)));
  }

  private EvaluatedText embed(Proposal proposal) {
    SelectedProposal candidate = context.select(target, proposal);
    context.models().embed(List.of(candidate));
    return target.pool().find(candidate.form());
  }

  private EvaluatedText embed(String text) {
    return embed(Proposal.of(Origin.FIRST_GUESS, text));
  }

  /** Embeds a hypothesis and expands it as a search would. */
  private EvaluatedText expand(String text) {
    EvaluatedText evaluated = embed(text);
    context
        .models()
        .scoreEdits(context.editScorer(), List.of(Query.correct(target, evaluated)), 28, 24);
    target.expanding(List.of(evaluated));
    return evaluated;
  }

  private List<String> propose(Proposer proposer) {
    ListMultimap<Target, Proposal> proposals = proposer.propose(List.of(target), rounds);
    return proposals.get(target).stream().map(p -> p.text(context.tokenization())).toList();
  }

  private Collection<Proposal> proposals(Proposer proposer) {
    return proposer.propose(List.of(target), rounds).get(target);
  }

  @Test
  void firstGuessesAreBeams() {
    assertThat(propose(new FirstGuesses())).hasSize(16);
    assertThat(target.bestCosine()).isEqualTo(-1);
  }

  @Test
  void firstGuessesOfLongTextsAreLong() {
    List<Decoding> asked = new ArrayList<>();
    PoolRounds noting =
        rounds(
            embedder,
            new ForwardingCorrector(corrector) {
              @Override
              public List<List<Candidate>> correct(
                  List<Request> requests, Decoding decoding, Cancellation cancellation) {
                asked.add(decoding);
                return super.correct(requests, decoding, cancellation);
              }
            });
    int limit = embedder.space().tokenLimit();
    new FirstGuesses().propose(List.of(target), noting);
    target.predictedWords(new InversionResult.PredictedWords(List.of(), 20, false));
    new FirstGuesses().propose(List.of(target), noting);
    target.predictedWords(new InversionResult.PredictedWords(List.of(), 20, true));
    new FirstGuesses().propose(List.of(target), noting);
    target.predictedWords(new InversionResult.PredictedWords(List.of(), 2 * limit, true));
    new FirstGuesses().propose(List.of(target), noting);
    assertThat(asked)
        .containsExactly(
            new Decoding.Beam(16, 0, limit),
            new Decoding.Beam(16, 0, limit),
            new Decoding.Beam(16, 16, limit),
            new Decoding.Beam(16, limit, limit));
  }

  @Test
  void firstGuessesOfAnInitialInverterReplaceThem() {
    target.start(
        InversionResult.builder()
            .text("a dog")
            .cosine(0.5)
            .alternatives(
                List.of(
                    new InversionResult.Alternative("a dog", 0.5),
                    new InversionResult.Alternative("a cat", 0.4)))
            .cost(new InversionResult.Cost(3, 2, Duration.ZERO))
            .build());
    assertThat(propose(new FirstGuesses())).containsExactly("a dog", "a cat");
    assertThat(target.remaining()).isEqualTo(1000 - 3);
  }

  @Test
  void textCorrectionsAreBeamsAndSamplesInTurn() {
    expand("the new king loved the sea");
    assertThat(propose(new TextCorrections()))
        .hasSize(16)
        .contains(TEXT)
        .allSatisfy(t -> assertThat(t).isNotEqualTo("the new king loved the sea"));
  }

  @Test
  void tokenEditsAreThoseOfTheEditorWithinTheirNumbers() {
    expand("the new king loved the sea");
    Collection<Proposal> proposals = proposals(new TokenEdits());
    assertThat(proposals).hasSize(28 + 24 + 6);
    assertThat(proposals).filteredOn(p -> p.origin() == Origin.DELETION).hasSize(6);
    assertThat(proposals.stream().map(p -> p.text(context.tokenization()))).contains(TEXT);
    // They are proposed once.
    assertThat(proposals(new TokenEdits())).isEmpty();
  }

  @Test
  void orderMovesAreAllOfTheClosestText() {
    embed("a dog slept in snow");
    EvaluatedText evaluated = embed("old the king loved the sea");
    List<String> texts = propose(new Reorderings());
    assertThat(evaluated.cosine()).isEqualTo(target.bestCosine());
    assertThat(texts)
        .contains("the old king loved the sea") // neighbours
        .contains("sea the king loved the old") // any two
        .contains("loved the sea old the king") // two halves
        .contains("king loved the sea old the") // a long span
        .contains("the sea old the king loved"); // a span that goes left
  }

  @Test
  void orderMovesThatReadBestComeFirst() {
    embed("old the king loved the sea");
    int king = ToyEmbedder.vocabulary().indexOf("king");
    LanguageModel kingsFirst =
        (beforeLast, last, next) -> last == LanguageModel.BEGIN && next == king ? 0 : -9;
    PoolRounds speaking = rounds(embedder, new ToyCorrector(embedder, kingsFirst));
    Reorderings moves = new Reorderings();
    assertThat(
            moves
                .propose(List.of(target), speaking)
                .get(target)
                .get(0)
                .text(context.tokenization()))
        .isEqualTo("king old the loved the sea");
  }

  @Test
  void predictionsCombineWhatThePoolTeaches() {
    EvaluatedText parent = expand("the new king the loved ship");
    rounds.state(target).learnWords(parent.edits(), 45);
    proposals(new TokenEdits()).forEach(this::embed);
    double best = target.bestCosine();
    Collection<Proposal> predictions = proposals(new Predictions());
    assertThat(predictions).hasSize(16).allMatch(p -> p.origin() == Origin.PREDICTION);
    assertThat(predictions.stream().map(p -> p.text(context.tokenization())))
        .allSatisfy(t -> assertThat(target.pool().find(t)).isNull());
    predictions.forEach(this::embed);
    assertThat(target.bestCosine()).isGreaterThan(best);
  }

  @Test
  void nothingThatNeedsTokensIsProposedWithoutThem() {
    PoolRounds blind = rounds(new Blind(embedder), corrector);
    EvaluatedText evaluated = embed("the new king loved the sea");
    target.expanding(List.of(evaluated));
    assertThat(blind.context().editScorer()).isNull();
    for (Proposer p : List.of(new TokenEdits(), new Reorderings(), new Predictions())) {
      assertThat(p.propose(List.of(target), blind).isEmpty()).isTrue();
    }
    assertThat(new TextCorrections().propose(List.of(target), blind).size()).isEqualTo(16);
  }

  @Test
  void anEditorThatReadsLessChangesNoTokensThatAreKnown() {
    EvaluatedText evaluated = embed(TEXT);
    context.tokenize(List.of(evaluated));
    int[] tokens = evaluated.tokens();
    evaluated.edits(new TokenEditScorer.Edits(Arrays.copyOf(tokens, 3), List.of()));
    assertThat(evaluated.tokens()).isEqualTo(tokens).hasSize(6);
  }
}
