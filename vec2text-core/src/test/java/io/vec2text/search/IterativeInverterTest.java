package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InferenceException;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.StopReason;
import io.vec2text.Vec2TextException;
import io.vec2text.Verdict;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.testing.InverterContract;
import io.vec2text.testing.ToyCorrector;
import io.vec2text.testing.ToyEmbedder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT) // half of the time that all tests take
class IterativeInverterTest {
  private static final List<String> TEXTS =
      List.of("the old king loved the sea", "a dog slept", "cold rain", "");

  /** What each inverter embeds once, whatever the budget. */
  private static final int EMPTY_TEXT = 1;

  private final ToyEmbedder embedder = new ToyEmbedder();
  private final ToyCorrector corrector = new ToyCorrector(embedder);

  private static List<float[]> vectors(List<String> texts) {
    try (ToyEmbedder e = new ToyEmbedder()) {
      return List.of(e.embed(texts));
    }
  }

  private static List<String> randomTexts(int count, int words, int seed) {
    Random random = new Random(seed);
    return IntStream.range(0, count).mapToObj(i -> ToyEmbedder.text(words, random)).toList();
  }

  private static InversionOptions budget(int embeddings) {
    return InversionOptions.builder().maxEmbeddings(embeddings).build();
  }

  private static List<InversionResult> results(List<Outcome> outcomes) {
    return outcomes.stream().map(Outcome::orThrow).toList();
  }

  /** A result without what it took, which differs from run to run. */
  private static InversionResult timeless(InversionResult r) {
    return r.toBuilder()
        .cost(new InversionResult.Cost(r.cost().embedderCalls(), r.cost().decodes(), Duration.ZERO))
        .trace(
            Lists.transform(
                r.trace(),
                round ->
                    new InversionResult.Round(
                        round.embedderCalls(), Duration.ZERO, round.text(), round.cosine())))
        .evidence(List.of())
        .build();
  }

  private IterativeInverter with(Search search) {
    return IterativeInverter.builder(embedder, corrector).search(search).build();
  }

  @Nested
  class WithPool extends InverterContract {
    @Override
    protected Inverter create() {
      return with(Search.pool());
    }

    @Override
    protected List<float[]> vectors() {
      return IterativeInverterTest.vectors(TEXTS);
    }
  }

  @Nested
  class WithSequenceBeam extends InverterContract {
    @Override
    protected Inverter create() {
      return with(Search.sequenceBeam(5, 3));
    }

    @Override
    protected List<float[]> vectors() {
      return IterativeInverterTest.vectors(TEXTS);
    }
  }

  @Nested
  class WithoutTokens extends InverterContract {
    @Override
    protected Inverter create() {
      return IterativeInverter.builder(new Blind(embedder), corrector).build();
    }

    @Override
    protected List<float[]> vectors() {
      return IterativeInverterTest.vectors(TEXTS);
    }
  }

  @Test
  void poolSearchFindsToyTextsExactly() {
    List<String> texts = randomTexts(20, 5, 3);
    List<InversionResult> found =
        results(with(Search.pool()).invertAll(vectors(texts), budget(2000)));
    assertThat(Lists.transform(found, InversionResult::text)).isEqualTo(texts);
    assertThat(found)
        .allMatch(r -> r.verdict() == Verdict.EXACT && r.stop() == StopReason.EXACT)
        .allMatch(r -> r.predictedWords().orElseThrow().words().size() == 32);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pool", "greedy:9", "beam:9x3"})
  void aSearchIsNoWorseThanItsFirstGuess(String search) {
    List<float[]> vectors = vectors(randomTexts(10, 6, 4));
    List<InversionResult> guesses = results(with(Search.greedy(0)).invertAll(vectors, budget(300)));
    List<InversionResult> found =
        results(with(Search.parse(search)).invertAll(vectors, budget(300)));
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).cosine()).isGreaterThanOrEqualTo(guesses.get(i).cosine());
    }
  }

  private InversionResult scripted(Scripted script, Search search) {
    return IterativeInverter.builder(new Blind(embedder), script)
        .search(search)
        .build()
        .invert(vectors(TEXTS).get(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void greedyCorrectionPaysForTheGuessAndOneEmbeddingAStep(int steps) {
    InversionResult r = scripted(Scripted.fresh(), Search.greedy(steps));
    assertThat(r.cost().embedderCalls()).isEqualTo(steps + 1);
    assertThat(embedder.embedded()).isEqualTo(EMPTY_TEXT + steps + 1);
    assertThat(r.cost().decodes()).isEqualTo(steps + 1);
    assertThat(r.stop()).isEqualTo(StopReason.BUDGET);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void sequenceBeamPaysForTheGuessTheFirstBeamAndItsSquareAStep(int steps) {
    InversionResult r = scripted(Scripted.fresh(), Search.sequenceBeam(steps, 3));
    assertThat(r.cost().embedderCalls()).isEqualTo(1 + 3 + (steps - 1) * 9);
    assertThat(embedder.embedded()).isEqualTo(EMPTY_TEXT + r.cost().embedderCalls());
    assertThat(r.stop()).isEqualTo(StopReason.BUDGET);
  }

  @Test
  void theBestIsReturnedEvenIfItIsTheFirstGuess() {
    Scripted worse =
        new Scripted(
            (request, n) ->
                request.hypothesis() == null
                    ? List.of("the old king loved the ship")
                    : List.of(request.hypothesis().text() + " dog"));
    InversionResult r = scripted(worse, Search.greedy(4));
    assertThat(r.text()).isEqualTo("the old king loved the ship");
    assertThat(r.cost().embedderCalls()).isEqualTo(5);
    assertThat(r.alternatives()).hasSize(5);
  }

  @Test
  void aCorrectorThatRepeatsItselfStalls() {
    Scripted same = new Scripted((request, n) -> List.of("a dog", "a dog"));
    for (Search search : List.of(Search.greedy(9), Search.sequenceBeam(9, 2), Search.pool())) {
      InversionResult r = scripted(same, search);
      assertThat(r.cost().embedderCalls()).isOne();
      assertThat(r.stop()).isEqualTo(StopReason.STALLED);
    }
  }

  @Test
  void aCorrectorWithoutIdeasLeavesTheEmptyText() {
    Scripted silent = new Scripted((request, n) -> List.of());
    for (Search search : List.of(Search.greedy(9), Search.pool())) {
      InversionResult r = scripted(silent, search);
      assertThat(r.text()).isEmpty();
      assertThat(r.cost().embedderCalls()).isOne();
      assertThat(r.stop()).isEqualTo(StopReason.STALLED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pool", "greedy:50", "beam:50x4"})
  void theBudgetIsNeverExceeded(String search) {
    List<float[]> vectors = vectors(randomTexts(3, 14, 5));
    for (int budget : new int[] {1, 2, 39, 41, 150}) {
      long before = embedder.embedded();
      List<InversionResult> found =
          results(with(Search.parse(search)).invertAll(vectors, budget(budget)));
      assertThat(found).allMatch(r -> r.cost().embedderCalls() <= budget);
      assertThat(embedder.embedded() - before)
          .isEqualTo(EMPTY_TEXT + found.stream().mapToInt(r -> r.cost().embedderCalls()).sum());
      assertThat(found)
          .filteredOn(r -> r.cost().embedderCalls() == budget)
          .allMatch(r -> r.stop() == StopReason.BUDGET);
    }
  }

  @Test
  void theDeadlineIsKept() {
    List<float[]> vectors = vectors(randomTexts(2, 14, 6));
    Hooked slow = new Hooked(embedder, texts -> sleep(texts.size()));
    InversionOptions options =
        InversionOptions.builder()
            .maxEmbeddings(1_000_000)
            .timeLimit(Duration.ofMillis(200))
            .build();
    for (InversionResult r :
        results(IterativeInverter.builder(slow, corrector).build().invertAll(vectors, options))) {
      assertThat(r.stop()).isEqualTo(StopReason.DEADLINE);
      assertThat(r.cost().work()).isBetween(Duration.ofMillis(200), Duration.ofSeconds(2));
      assertThat(r.cosine()).isPositive();
    }
  }

  @Test
  void anImpossibleDeadlineStillPaysForAFirstGuess() {
    InversionOptions options = InversionOptions.builder().timeLimit(Duration.ofNanos(1)).build();
    InversionResult r = with(Search.pool()).invert(vectors(TEXTS).get(0), options);
    assertThat(r.stop()).isEqualTo(StopReason.DEADLINE);
    assertThat(r.text()).isNotEmpty();
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void workIsSharedOut() {
    Hooked slow = new Hooked(embedder, texts -> sleep(20));
    List<float[]> vectors = vectors(randomTexts(10, 14, 7));
    long start = System.nanoTime();
    List<InversionResult> found =
        results(IterativeInverter.builder(slow, corrector).build().invertAll(vectors, budget(99)));
    Duration wall = Duration.ofNanos(System.nanoTime() - start);
    Duration sum = found.stream().map(r -> r.cost().work()).reduce(Duration.ZERO, Duration::plus);
    assertThat(sum).isBetween(wall.dividedBy(2), wall);
  }

  @Test
  void aResultDoesNotDependOnTheRestOfItsBatch() {
    List<String> texts = new ArrayList<>(randomTexts(5, 7, 8));
    texts.addAll(randomTexts(5, 3, 9));
    List<float[]> vectors = vectors(texts);
    InversionOptions options = InversionOptions.builder().maxEmbeddings(200).trace(true).build();
    List<InversionResult> expected = results(with(Search.pool()).invertAll(vectors, options));
    List<InversionResult> reversed =
        results(with(Search.pool()).invertAll(ImmutableList.copyOf(vectors).reverse(), options));
    List<InversionResult> alone =
        results(
            IterativeInverter.builder(embedder, corrector)
                .maxConcurrentTargets(1)
                .build()
                .invertAll(vectors, options));
    for (int i = 0; i < texts.size(); i++) {
      InversionResult e = timeless(expected.get(i));
      assertThat(timeless(alone.get(i))).isEqualTo(e);
      assertThat(timeless(reversed.get(texts.size() - 1 - i))).isEqualTo(e);
    }
  }

  @Test
  void theSeedDecidesWhatIsTried() {
    float[] vector = vectors(randomTexts(1, 12, 10)).get(0);
    List<InversionResult> found = new ArrayList<>();
    for (int seed : new int[] {1, 1, 2}) {
      InversionOptions options =
          InversionOptions.builder().maxEmbeddings(150).seed(seed).trace(true).build();
      found.add(timeless(with(Search.parse("pool-edits")).invert(vector, options)));
    }
    assertThat(found.get(1)).isEqualTo(found.get(0));
    assertThat(found.get(2).alternatives()).isNotEqualTo(found.get(0).alternatives());
  }

  @Test
  void theTraceHoldsTheBestOfEachRound() {
    float[] vector = vectors(randomTexts(1, 9, 11)).get(0);
    InversionResult r =
        with(Search.pool())
            .invert(vector, InversionOptions.builder().maxEmbeddings(500).trace(true).build());
    assertThat(r.trace())
        .hasSizeGreaterThan(2)
        .isSortedAccordingTo((a, b) -> Double.compare(a.cosine(), b.cosine()))
        .isSortedAccordingTo((a, b) -> Integer.compare(a.embedderCalls(), b.embedderCalls()));
    assertThat(r.trace().get(r.trace().size() - 1).text()).isEqualTo(r.text());
    assertThat(with(Search.pool()).invert(vector).trace()).isEmpty();
  }

  @Test
  void textsAreEmbeddedInChunksThatCanBeCancelled() {
    Hooked strict = new Hooked(embedder, texts -> assertThat(texts).hasSizeBetween(1, 256));
    List<float[]> vectors = vectors(randomTexts(20, 9, 12));
    assertThat(
            results(
                IterativeInverter.builder(strict, corrector)
                    .build()
                    .invertAll(vectors, budget(60))))
        .hasSize(20);
  }

  @Test
  void aPoisonousItemTakesNoOtherDown() {
    // Only the long one gets guesses of more than nine words.
    List<String> texts = List.of("a dog", "cold rain", randomTexts(1, 30, 13).get(0), "snow");
    InferenceException poison = new InferenceException("poison");
    Hooked fragile =
        new Hooked(
            embedder,
            batch -> {
              if (batch.stream().anyMatch(t -> t.split(" ").length > 9)) {
                throw poison;
              }
            });
    List<Outcome> outcomes =
        IterativeInverter.builder(fragile, corrector)
            .build()
            .invertAll(vectors(texts), budget(100));
    assertThat(outcomes.get(2).error()).containsSame(poison);
    List<InversionResult> expected =
        results(with(Search.pool()).invertAll(vectors(texts), budget(100)));
    for (int i : new int[] {0, 1, 3}) {
      assertThat(timeless(outcomes.get(i).orThrow())).isEqualTo(timeless(expected.get(i)));
    }
  }

  @Test
  void aBrokenEmbedderFailsWhatIsNotDone() {
    AtomicInteger calls = new AtomicInteger();
    Hooked breaking =
        new Hooked(
            embedder,
            texts -> {
              if (calls.incrementAndGet() > 6) {
                throw new IllegalStateException("broken");
              }
            });
    List<String> texts = new ArrayList<>(List.of("a dog", "snow"));
    texts.addAll(randomTexts(30, 12, 14));
    List<Outcome> outcomes =
        IterativeInverter.builder(breaking, corrector)
            .maxConcurrentTargets(2)
            .build()
            .invertAll(vectors(texts), budget(400));
    assertThat(outcomes.get(0).orThrow().text()).isEqualTo("a dog");
    assertThat(outcomes.get(1).orThrow().text()).isEqualTo("snow");
    assertThat(outcomes.subList(2, texts.size()))
        .allSatisfy(o -> assertThat(o.error().orElseThrow()).hasMessage("broken"));
  }

  @Test
  void aCorrectorThatFailsForOneItemFailsThatItem() {
    float[] bad = vectors(TEXTS).get(1);
    Scripted picky =
        new Scripted(
            (request, n) -> {
              if (request.target()[0] == bad[0]) {
                throw new InferenceException("picky");
              }
              return List.of(TEXTS.get(0));
            });
    List<Outcome> outcomes =
        IterativeInverter.builder(embedder, picky).build().invertAll(vectors(TEXTS), budget(9));
    assertThat(outcomes.get(1).error().orElseThrow()).hasMessage("picky");
    assertThat(outcomes.get(0).orThrow().verdict()).isEqualTo(Verdict.EXACT);
    assertThat(outcomes.get(2).result()).isPresent();
  }

  @Test
  void vectorsThatAreNoneAreTheEmbeddersError() {
    Embedder broken =
        new Embedder() {
          @Override
          public EmbeddingSpace space() {
            return ToyEmbedder.SPACE;
          }

          @Override
          public float[][] embed(List<String> texts) {
            float[][] vectors = new float[texts.size()][ToyEmbedder.DIMENSION];
            vectors[0][3] = Float.NaN;
            return vectors;
          }
        };
    Outcome outcome =
        IterativeInverter.builder(broken, corrector)
            .build()
            .invertAll(vectors(TEXTS), budget(50))
            .get(0);
    assertThat(outcome.error().orElseThrow())
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("NaN");
  }

  @Test
  void aTextBeyondTheRangeIsNotWorthMuchUnlessItOnlySeemedSo() {
    float[] unreachable = vectors(TEXTS).get(0).clone();
    for (int k = 0; k < unreachable.length; k++) {
      unreachable[k] = -unreachable[k];
    }
    try (Inverter inverter =
        IterativeInverter.builder(embedder, new ToyCorrector(embedder, 0)).build()) {
      InversionResult beyond = inverter.invert(unreachable, budget(900));
      assertThat(beyond.exceedsSupportedLength()).isTrue();
      assertThat(beyond.cosine()).isLessThan(Verdict.CLOSE_COSINE);
      assertThat(beyond.stop()).isEqualTo(StopReason.BUDGET);
      assertThat(beyond.cost().embedderCalls()).isLessThanOrEqualTo(200);

      InversionResult found = inverter.invert(vectors(TEXTS).get(1), budget(900));
      assertThat(found.verdict()).isEqualTo(Verdict.EXACT);
      assertThat(found.exceedsSupportedLength()).isFalse();

      for (InversionResult r :
          results(inverter.invertAll(vectors(randomTexts(3, 9, 1)), budget(300)))) {
        assertThat(r.cosine()).isGreaterThan(Verdict.CLOSE_COSINE);
        assertThat(r.cost().embedderCalls()).isGreaterThan(200);
        assertThat(r.exceedsSupportedLength()).isEqualTo(r.verdict() != Verdict.EXACT);
      }
    }
  }

  @Test
  void anInitialInverterMakesTheFirstGuesses() {
    Inverter initial = with(Search.greedy(0));
    Scripted silent = new Scripted((request, n) -> List.of());
    for (Search search : List.of(Search.pool(), Search.greedy(1))) {
      InversionResult r =
          IterativeInverter.builder(embedder, silent)
              .initial(initial)
              .search(search)
              .build()
              .invert(vectors(TEXTS).get(1), budget(30));
      InversionResult guess = initial.invert(vectors(TEXTS).get(1));
      assertThat(r.cosine()).isGreaterThanOrEqualTo(guess.cosine());
      assertThat(r.cost().decodes()).isEqualTo(guess.cost().decodes());
    }
  }

  @Test
  void spacesMustAgree() {
    EmbeddingSpace other = EmbeddingSpace.of("other", ToyEmbedder.DIMENSION);
    Embedder alien =
        new Embedder() {
          @Override
          public EmbeddingSpace space() {
            return other;
          }

          @Override
          public float[][] embed(List<String> texts) {
            return embedder.embed(texts);
          }
        };
    assertThatExceptionOfType(Vec2TextException.class)
        .isThrownBy(() -> IterativeInverter.builder(alien, corrector).build())
        .withMessageContaining("corrector")
        .withMessageContaining(other.toString())
        .withMessageContaining(ToyEmbedder.SPACE.toString());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IterativeInverter.builder(embedder, corrector).maxConcurrentTargets(0))
        .withMessage("maxConcurrentTargets must be at least 1, was 0");
  }

  @Test
  void guessesAreComparedByAnotherEmbedder() {
    List<String> closed = new ArrayList<>();
    Embedder moved =
        new Embedder() {
          @Override
          public EmbeddingSpace space() {
            return embedder.space();
          }

          @Override
          public float[][] embed(List<String> texts) {
            float[][] vectors = embedder.embed(texts);
            for (float[] vector : vectors) {
              vector[0] += 0.5f;
            }
            return vectors;
          }

          @Override
          public void close() {
            closed.add("moved");
          }
        };
    String text = TEXTS.get(1);
    float[] target = moved.embed(List.of(text))[0];
    IterativeInverter whole = with(Search.pool());
    assertThat(whole.invert(target, budget(400)).cosine()).isLessThan(0.99);
    try (IterativeInverter other = whole.with(moved)) {
      InversionResult found = other.invert(target, budget(400));
      assertThat(found.text()).isEqualTo(text);
      assertThat(found.verdict()).isEqualTo(Verdict.EXACT);
    }
    assertThat(closed).isEmpty();
    assertThat(whole.invert(vectors(TEXTS).get(1)).text()).isEqualTo(text);
  }

  @Test
  void allThatIsOwnedIsClosedOnce() {
    List<String> closed = new ArrayList<>();
    class Owned implements Embedder, Corrector, Inverter {
      private final String name;

      Owned(String name) {
        this.name = name;
      }

      @Override
      public EmbeddingSpace space() {
        return ToyEmbedder.SPACE;
      }

      @Override
      public float[][] embed(List<String> texts) {
        return embedder.embed(texts);
      }

      @Override
      public List<List<Candidate>> correct(
          List<Request> requests, Decoding decoding, Cancellation cancellation) {
        return corrector.correct(requests, decoding, cancellation);
      }

      @Override
      public List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
        return with(Search.greedy(0)).invertAll(vectors, options);
      }

      @Override
      public void close() {
        closed.add(name);
        throw new IllegalArgumentException("can't close " + name);
      }
    }
    Owned model = new Owned("model");
    Inverter inverter =
        IterativeInverter.builder(new Owned("embedder"), model).initial(model).build();
    assertThatIllegalArgumentException().isThrownBy(inverter::close);
    inverter.close();
    assertThat(closed).containsExactlyInAnyOrder("embedder", "model");
  }

  @Test
  void statisticsSayWhatPaidOff() {
    IterativeInverter inverter = with(Search.pool());
    results(inverter.invertAll(vectors(randomTexts(5, 6, 15)), budget(400)));
    SearchStatistics s = inverter.statistics();
    assertThat(s.embedderCalls()).isEqualTo(embedder.embedded());
    assertThat(s.sources().stream().mapToLong(SearchStatistics.Source::embedded).sum())
        .isEqualTo(s.embedderCalls());
    assertThat(s.sources())
        .hasSize(Origin.values().length)
        .anyMatch(x -> x.name().equals("first guess") && x.improved() == 5)
        .allMatch(x -> x.improved() <= x.embedded());
    assertThat(s.decodes()).isPositive();
    assertThat(s.total()).isGreaterThanOrEqualTo(s.embedding().plus(s.decoding()));
  }

  @Test
  void theStringSaysWhatItIsAndNoText() {
    assertThat(with(Search.greedy(3)))
        .hasToString("IterativeInverter[space=toy (fp32, 64), search=greedy:3]");
    InversionResult r =
        with(Search.pool())
            .invert(vectors(TEXTS).get(0), InversionOptions.builder().trace(true).build());
    assertThat(r.toString() + r.alternatives() + r.trace()).doesNotContain("king");
    assertThat(r.vectorNorm()).isCloseTo(1, within(1e-6));
  }
}
