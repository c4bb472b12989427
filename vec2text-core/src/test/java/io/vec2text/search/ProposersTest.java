package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ListMultimap;
import io.vec2text.Corrector;
import io.vec2text.Editor;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.LanguageModel;
import io.vec2text.StopReason;
import io.vec2text.StoredPrecision;
import io.vec2text.Verdict;
import io.vec2text.testing.ToyCorrector;
import io.vec2text.testing.ToyEmbedder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each proposer alone, on one target. */
class ProposersTest {
  private static final String TEXT = "the old king loved the sea";

  private final ToyEmbedder embedder = new ToyEmbedder();
  private final Corrector corrector = new ToyCorrector(embedder);
  private final PoolTunables tunables = PoolTunables.defaults();
  private final Run run = new Run(embedder, corrector, InversionOptions.defaults(), new Counters());
  private final Target target =
      new Target(
          0,
          new Examiner(embedder.space(), null)
              .examine(embedder.embed(List.of(TEXT))[0], InversionOptions.defaults()),
          true,
          InversionOptions.defaults());

  private Paid pay(Proposal proposal) {
    Bid bid = run.bid(target, proposal);
    run.embed(List.of(bid));
    return target.pool().find(bid.form());
  }

  private Paid pay(String text) {
    return pay(Proposal.of(Origin.FIRST_GUESS, text));
  }

  /** Pays for a hypothesis and expands it as a search would. */
  private Paid expand(String text) {
    Paid paid = pay(text);
    run.edits(List.of(Query.correct(target, paid)), 28, 24);
    target.expanding(List.of(paid));
    return paid;
  }

  private List<String> propose(Proposer proposer) {
    ListMultimap<Target, Proposal> proposals = proposer.propose(List.of(target), run);
    return proposals.get(target).stream().map(p -> p.text(run.tokenization())).toList();
  }

  private Collection<Proposal> proposals(Proposer proposer) {
    return proposer.propose(List.of(target), run).get(target);
  }

  @Test
  void firstGuessesAreBeams() {
    assertThat(propose(new FirstGuesses(tunables.guesses()))).hasSize(16);
    assertThat(target.bestCosine()).isEqualTo(-1);
  }

  @Test
  void firstGuessesOfAnInitialInverterReplaceThem() {
    target.start(
        new InversionResult(
            "a dog",
            0.5,
            Verdict.FAILED,
            List.of(
                new InversionResult.Alternative("a dog", 0.5),
                new InversionResult.Alternative("a cat", 0.4)),
            List.of(),
            Optional.empty(),
            1,
            StoredPrecision.FULL,
            new InversionResult.Cost(3, 2, Duration.ZERO),
            StopReason.STALLED,
            List.of(),
            List.of()));
    assertThat(propose(new FirstGuesses(tunables.guesses()))).containsExactly("a dog", "a cat");
    assertThat(target.remaining()).isEqualTo(1000 - 3);
  }

  @Test
  void textCorrectionsAreBeamsAndSamplesInTurn() {
    expand("the new king loved the sea");
    assertThat(propose(new TextCorrections(tunables.corrections())))
        .hasSize(16)
        .contains(TEXT)
        .allSatisfy(t -> assertThat(t).isNotEqualTo("the new king loved the sea"));
  }

  @Test
  void tokenEditsAreThoseOfTheEditorWithinTheirNumbers() {
    expand("the new king loved the sea");
    Collection<Proposal> proposals = proposals(new TokenEdits(tunables.edits()));
    assertThat(proposals).hasSize(28 + 24 + 6);
    assertThat(proposals).filteredOn(p -> p.origin() == Origin.DELETION).hasSize(6);
    assertThat(proposals.stream().map(p -> p.text(run.tokenization()))).contains(TEXT);
    // They are proposed once.
    assertThat(proposals(new TokenEdits(tunables.edits()))).isEmpty();
  }

  @Test
  void orderMovesAreAllOfTheClosestText() {
    pay("a dog slept in snow");
    Paid paid = pay("old the king loved the sea");
    List<String> texts = propose(new OrderMoves(tunables.orders(), tunables.fluency()));
    assertThat(paid.cosine()).isEqualTo(target.bestCosine());
    assertThat(texts)
        .contains("the old king loved the sea") // neighbours
        .contains("sea the king loved the old") // any two
        .contains("loved the sea old the king") // two halves
        .contains("king loved the sea old the") // a long span
        .contains("the sea old the king loved"); // a span that goes left
  }

  @Test
  void orderMovesThatReadBestComeFirst() {
    pay("old the king loved the sea");
    int king = ToyEmbedder.vocabulary().indexOf("king");
    LanguageModel kingsFirst =
        (beforeLast, last, next) -> last == LanguageModel.BEGIN && next == king ? 0 : -9;
    Run speaking =
        new Run(
            embedder,
            new ToyCorrector(embedder, kingsFirst),
            InversionOptions.defaults(),
            new Counters());
    OrderMoves moves = new OrderMoves(tunables.orders(), tunables.fluency());
    assertThat(moves.propose(List.of(target), speaking).get(target).get(0).text(run.tokenization()))
        .isEqualTo("king old the loved the sea");
  }

  @Test
  void predictionsCombineWhatThePoolTeaches() {
    Paid parent = expand("the new king the loved ship");
    target.poolState().learnWords(parent.edits(), 45);
    proposals(new TokenEdits(tunables.edits())).forEach(this::pay);
    double best = target.bestCosine();
    Collection<Proposal> predictions =
        proposals(new Predictions(tunables.predictions(), tunables.fluency()));
    assertThat(predictions).hasSize(16).allMatch(p -> p.origin() == Origin.PREDICTION);
    assertThat(predictions.stream().map(p -> p.text(run.tokenization())))
        .allSatisfy(t -> assertThat(target.pool().find(t)).isNull());
    predictions.forEach(this::pay);
    assertThat(target.bestCosine()).isGreaterThan(best);
  }

  @Test
  void nothingThatNeedsTokensIsProposedWithoutThem() {
    Run blind =
        new Run(new Blind(embedder), corrector, InversionOptions.defaults(), new Counters());
    Paid paid = pay("the new king loved the sea");
    target.expanding(List.of(paid));
    blind.edits(List.of(Query.correct(target, paid)), 28, 24);
    for (Proposer p :
        List.of(
            new TokenEdits(tunables.edits()),
            new OrderMoves(tunables.orders(), tunables.fluency()),
            new Predictions(tunables.predictions(), tunables.fluency()))) {
      assertThat(p.propose(List.of(target), blind).isEmpty()).isTrue();
    }
    assertThat(new TextCorrections(tunables.corrections()).propose(List.of(target), blind).size())
        .isEqualTo(16);
  }

  @Test
  void anEditorThatReadsLessChangesNoTokensThatAreKnown() {
    Paid paid = pay(TEXT);
    run.read(List.of(paid));
    int[] tokens = paid.tokens();
    paid.edits(new Editor.Edits(Arrays.copyOf(tokens, 3), -1, List.of()));
    assertThat(paid.tokens()).isEqualTo(tokens).hasSize(6);
  }
}
