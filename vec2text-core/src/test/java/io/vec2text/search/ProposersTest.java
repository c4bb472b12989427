package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ListMultimap;
import io.vec2text.Corrector;
import io.vec2text.Editor;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.StopReason;
import io.vec2text.StoredPrecision;
import io.vec2text.Vectors;
import io.vec2text.Verdict;
import io.vec2text.testing.ToyCorrector;
import io.vec2text.testing.ToyEmbedder;
import java.time.Duration;
import java.util.ArrayList;
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
      new Target(0, embedder.embed(List.of(TEXT))[0], true, InversionOptions.defaults());

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
    target.poolState().addParent(paid);
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
  void firstGuessesAreBeamsAndSamples() {
    assertThat(propose(new FirstGuesses(tunables.guesses()))).hasSize(40);
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
            List.of()));
    assertThat(propose(new FirstGuesses(tunables.guesses()))).containsExactly("a dog", "a cat");
    assertThat(target.remaining()).isEqualTo(1000 - 3);
  }

  @Test
  void textCorrectionsAreBeamsThenSamples() {
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
  void editSetsJoinTheRightEditsOfAllThatWerePaidFor() {
    Paid parent = expand("the new king the loved ship");
    int sea = ToyEmbedder.vocabulary().indexOf("sea");
    int old = ToyEmbedder.vocabulary().indexOf("old");
    List<Change> right =
        List.of(
            new Change.Substitution(1, old),
            new Change.Swap(3, 4),
            new Change.Substitution(5, sea));
    for (Change c : right) {
      pay(Proposal.of(parent, c));
    }
    for (Proposal p : proposals(new TokenEdits(tunables.edits()))) {
      if (target.pool().find(p.text(run.tokenization())) == null) {
        pay(p);
      }
    }
    Collection<Proposal> sets = proposals(new EditSets(tunables.sets()));
    assertThat(sets).hasSizeBetween(2, 16).allMatch(p -> p.origin() == Origin.EDIT_SET);
    assertThat(sets.stream().map(p -> p.text(run.tokenization()))).contains(TEXT);
    // Without news there is nothing to add.
    assertThat(proposals(new EditSets(tunables.sets()))).isEmpty();
  }

  @Test
  void editSetsPredictTheCosineOfWhatTheyPropose() {
    Paid parent = expand("the new king loved the ship");
    proposals(new TokenEdits(tunables.edits())).forEach(this::pay);
    EffectSet best = new EditSets(tunables.sets()).best(parent, target.vector()).get(0);
    Paid paid = pay(Proposal.of(parent, best.changes()));
    assertThat(paid.cosine()).isCloseTo(1 - best.residual() / 2, within(0.02));
    assertThat(paid.cosine()).isGreaterThan(parent.cosine());
  }

  @Test
  void editSetsNeverTouchAPlaceTwice() {
    Paid parent = expand("the new king loved the ship");
    proposals(new TokenEdits(tunables.edits())).forEach(this::pay);
    for (EffectSet set : new EditSets(tunables.sets()).best(parent, target.vector())) {
      long places = set.changes().stream().mapToLong(c -> c.touched().cardinality()).sum();
      assertThat(places).isEqualTo(set.touched().cardinality());
      assertThat(set.size()).isBetween(2, 5);
    }
  }

  @Test
  void orderMovesAreAFewFarFromTheTarget() {
    Paid paid = expand("a dog slept in snow");
    assertThat(paid.cosine()).isLessThan(0.9);
    List<String> texts = propose(new OrderMoves(tunables.orders()));
    assertThat(texts).hasSize(16);
    assertThat(texts).allSatisfy(t -> assertThat(t.split(" ")).hasSize(5).contains("a", "snow"));
  }

  @Test
  void orderMovesAreAllNearTheTargetBitByBit() {
    Paid paid = expand("the old king loved the sea house");
    PoolTunables.Orders orders = new PoolTunables.Orders(1, 16, paid.cosine(), 50);
    List<String> all = new ArrayList<>();
    List<String> some = propose(new OrderMoves(orders));
    assertThat(some).hasSize(50).startsWith(some.get(0));
    while (!some.isEmpty()) {
      all.addAll(some);
      some = propose(new OrderMoves(orders));
    }
    assertThat(all)
        .contains("old the king loved the sea house") // neighbours
        .contains("the house king loved the sea old") // any two
        .contains("loved the sea the old king house"); // a span
  }

  @Test
  void newEndingsKeepABeginning() {
    expand(TEXT);
    List<String> texts = propose(new NewEndings(tunables.endings()));
    assertThat(texts).hasSizeBetween(2, 10).allMatch(t -> t.startsWith("the"));
  }

  @Test
  void predictionsCombineWhatThePoolTeaches() {
    Paid parent = expand("the new king the loved ship");
    target.poolState().learnWords(parent.edits(), 45);
    proposals(new TokenEdits(tunables.edits())).forEach(this::pay);
    double best = target.bestCosine();
    Collection<Proposal> predictions = proposals(new Predictions(tunables.predictions()));
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
    target.poolState().addParent(paid);
    blind.edits(List.of(Query.correct(target, paid)), 28, 24);
    for (Proposer p :
        List.of(
            new TokenEdits(tunables.edits()),
            new EditSets(tunables.sets()),
            new OrderMoves(tunables.orders()),
            new NewEndings(tunables.endings()),
            new Predictions(tunables.predictions()))) {
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

  @Test
  void whatWasPaidForIsRemembered() {
    Paid parent = expand("the new king loved the sea");
    Paid changed = pay(Proposal.of(parent, new Change.Deletion(0)));
    assertThat(changed.text()).isEqualTo("new king loved the sea");
    assertThat(parent.effects()).hasSize(1);
    assertThat(parent.effects().get(0).delta())
        .isEqualTo(Vectors.subtract(changed.vector(), parent.vector()));
  }
}
