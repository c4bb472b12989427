package io.vec2text.testing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.InversionResult;
import io.vec2text.Vectors;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Corrector.Candidate;
import io.vec2text.spi.Corrector.Request;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.Hypothesis;
import io.vec2text.spi.TokenEditScorer;
import io.vec2text.spi.WordPredictor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Corrector} must do, and those that are an {@link TokenEditScorer} or a {@link
 * WordPredictor} too. A test class of an implementation extends this one.
 */
public abstract class CorrectorContract {
  private static final List<Decoding> DECODINGS =
      List.of(Decoding.greedy(), new Decoding.Beam(3), new Decoding.Sample(3, 0.8));

  private Corrector corrector;
  private Embedder embedder;

  /** An open corrector: a new one, or one that {@link #release} kept. */
  protected abstract Corrector create() throws Exception;

  /** An open embedder of its space: a new one, or one that {@link #release} kept. */
  protected abstract Embedder embedder() throws Exception;

  /** Closes both after a test. Where opening them is slow, they may be kept for the next. */
  protected void release(Corrector corrector, Embedder embedder) {
    corrector.close();
    embedder.close();
  }

  /** The text to find, and texts that are unlike it, at least two. */
  protected List<String> texts() {
    return List.of(
        "the old king loved the sea", "a dog slept", "the woman found gold in her house");
  }

  /** By how much a log-probability may change with the batch. */
  protected double tolerance() {
    return 1e-3;
  }

  /**
   * How long a cancelled call may go on: far more than it takes on a machine with time for it, as
   * one that is busy with other work is no failure, and far less than the call that is cancelled.
   */
  protected Duration patience() {
    return Duration.ofSeconds(10);
  }

  @BeforeEach
  void open() throws Exception {
    corrector = create();
    embedder = embedder();
  }

  @AfterEach
  void close() {
    release(corrector, embedder);
  }

  private float[] vector(String text) {
    return Vectors.unit(embedder.embed(List.of(text))[0]);
  }

  private Hypothesis hypothesis(String text, float[] target) {
    float[] vector = vector(text);
    return new Hypothesis(text, vector, Vectors.cosine(vector, target));
  }

  /** First guesses and corrections, one of the empty text. */
  private List<Request> requests() {
    List<Request> requests = new ArrayList<>();
    float[] target = vector(texts().get(0));
    requests.add(Request.first(target, 1));
    for (String text : texts().subList(1, texts().size())) {
      requests.add(Request.of(target, hypothesis(text, target), 2));
      requests.add(Request.first(vector(text), 3));
    }
    requests.add(Request.of(target, hypothesis("", target), 4));
    return requests;
  }

  private List<List<Candidate>> correct(List<Request> requests, Decoding decoding) {
    return corrector.correct(requests, decoding, new Cancellation());
  }

  private void assertSame(List<Candidate> actual, List<Candidate> expected) {
    assertThat(Lists.transform(actual, Candidate::text))
        .isEqualTo(Lists.transform(expected, Candidate::text));
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).logProbability())
          .isCloseTo(expected.get(i).logProbability(), within(tolerance()));
    }
  }

  @Test
  void candidatesAreProbableInFallingOrder() {
    for (Decoding decoding : DECODINGS) {
      List<List<Candidate>> all = correct(requests(), decoding);
      assertThat(all).hasSameSizeAs(requests());
      for (List<Candidate> candidates : all) {
        assertThat(candidates).hasSizeBetween(1, decoding.count());
        assertThat(candidates).allMatch(c -> c.logProbability() <= tolerance());
      }
    }
  }

  @Test
  protected void aBatchKeepsItsOrderAndEqualsSingleCalls() {
    List<Request> reversed = ImmutableList.copyOf(requests()).reverse();
    for (Decoding decoding : DECODINGS) {
      List<List<Candidate>> all = correct(reversed, decoding);
      for (int i = 0; i < reversed.size(); i++) {
        assertSame(all.get(i), correct(List.of(reversed.get(i)), decoding).get(0));
      }
    }
  }

  @Test
  void noRequestsHaveNoCandidates() {
    assertThat(correct(List.of(), Decoding.greedy())).isEmpty();
  }

  @Test
  void theSameSeedDrawsTheSameSamples() {
    Decoding samples = new Decoding.Sample(4, 1);
    List<List<Candidate>> first = correct(requests(), samples);
    List<List<Candidate>> second = correct(requests(), samples);
    for (int i = 0; i < first.size(); i++) {
      assertSame(second.get(i), first.get(i));
    }
  }

  @Test
  void editsAreScoredInFallingOrderByKind() {
    Assumptions.assumeTrue(corrector.tokenEditScorer().isPresent(), "scores no edits");
    List<Request> requests = requests().stream().filter(r -> r.hypothesis() != null).toList();
    List<TokenEditScorer.Edits> all =
        corrector.tokenEditScorer().orElseThrow().edits(requests, 7, 5);
    assertThat(all).hasSameSizeAs(requests);
    for (TokenEditScorer.Edits edits : all) {
      int n = edits.tokens().length;
      Map<TokenEditScorer.Kind, List<TokenEditScorer.Edit>> byKind =
          new EnumMap<>(TokenEditScorer.Kind.class);
      for (TokenEditScorer.Kind kind : TokenEditScorer.Kind.values()) {
        byKind.put(kind, edits.edits().stream().filter(e -> e.kind() == kind).toList());
        assertThat(byKind.get(kind))
            .isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
      }
      assertThat(byKind.get(TokenEditScorer.Kind.SUBSTITUTE))
          .hasSize(n == 0 ? 0 : 7)
          .allMatch(e -> e.position() >= 0 && e.position() < n)
          .allMatch(e -> e.token() != edits.tokens()[e.position()]);
      assertThat(byKind.get(TokenEditScorer.Kind.INSERT))
          .hasSize(5)
          .allMatch(e -> e.position() >= 0 && e.position() <= n);
      assertThat(byKind.get(TokenEditScorer.Kind.DELETE)).hasSize(n);
      assertThat(byKind.get(TokenEditScorer.Kind.DELETE))
          .extracting(TokenEditScorer.Edit::position)
          .doesNotHaveDuplicates()
          .allMatch(p -> p >= 0 && p < n);
    }
  }

  @Test
  void editsReferToTheTokensOfTheHypothesis() {
    Assumptions.assumeTrue(
        corrector.tokenEditScorer().isPresent() && embedder.tokenization().isPresent(),
        "scores no edits");
    List<Request> requests = requests().stream().filter(r -> r.hypothesis() != null).toList();
    List<TokenEditScorer.Edits> all =
        corrector.tokenEditScorer().orElseThrow().edits(requests, 1, 1);
    for (int i = 0; i < requests.size(); i++) {
      assertThat(all.get(i).tokens())
          .isEqualTo(
              embedder
                  .tokenization()
                  .orElseThrow()
                  .encode(List.of(requireNonNull(requests.get(i).hypothesis()).text()))
                  .get(0));
    }
  }

  @Test
  void wordsAreReadInFallingOrderOfProbability() {
    Assumptions.assumeTrue(corrector.wordPredictor().isPresent(), "predicts no words");
    List<float[]> vectors = texts().stream().map(this::vector).toList();
    List<InversionResult.PredictedWords> all =
        corrector.wordPredictor().orElseThrow().predict(vectors, 9);
    assertThat(all).hasSameSizeAs(vectors);
    for (InversionResult.PredictedWords contents : all) {
      assertThat(contents.words()).hasSize(9).allMatch(w -> w.probability() >= 0);
      assertThat(contents.words())
          .allMatch(w -> w.probability() <= 1 && !w.word().isEmpty())
          .isSortedAccordingTo((a, b) -> Double.compare(b.probability(), a.probability()));
      assertThat(contents.tokens()).isNotNegative();
    }
  }

  @Test
  void whatIsCancelledBeforehandReturnsAtOnce() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    List<Request> many = many();
    long start = System.nanoTime();
    assertThat(corrector.correct(many, new Decoding.Beam(8), cancellation)).hasSameSizeAs(many);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(patience());
  }

  @Test
  void aRunningCallCanBeCancelled() throws Exception {
    Cancellation cancellation = new Cancellation();
    List<Request> many = many();
    Threads.Disturbed<List<List<Candidate>>> disturbed =
        Threads.disturb(
            () -> corrector.correct(many, new Decoding.Beam(8), cancellation),
            Duration.ofMillis(50),
            thread -> cancellation.cancel());
    assertThat(disturbed.delay()).isLessThan(patience());
    assertThat(disturbed.result()).hasSameSizeAs(many);
  }

  @Test
  void aRunningCallCanBeInterruptedAndTheThreadStaysSo() throws Exception {
    List<Request> many = many();
    Threads.Disturbed<List<List<Candidate>>> disturbed =
        Threads.disturb(
            () -> corrector.correct(many, new Decoding.Beam(8), new Cancellation()),
            Duration.ofMillis(50),
            Thread::interrupt);
    assertThat(disturbed.delay()).isLessThan(patience());
    assertThat(disturbed.interrupted()).isTrue();
    assertThat(disturbed.result()).hasSameSizeAs(many);
  }

  /** More than can be done before the call is disturbed. */
  private List<Request> many() {
    List<Request> many = new ArrayList<>();
    for (List<Request> few : Collections.nCopies(40, requests())) {
      many.addAll(few);
    }
    return many;
  }

  @Test
  void eightThreadsAgree() throws Exception {
    List<Request> requests = requests();
    List<List<Candidate>> expected = correct(requests, new Decoding.Sample(2, 0.8));
    for (List<List<Candidate>> all :
        Threads.results(() -> correct(requests, new Decoding.Sample(2, 0.8)))) {
      for (int i = 0; i < expected.size(); i++) {
        assertSame(all.get(i), expected.get(i));
      }
    }
  }

  @Test
  void closeWaitsForCallsInFlightAndEndsService() throws Exception {
    List<Request> requests = requests().subList(0, 2);
    Threads.closeInFlight(() -> correct(requests, Decoding.greedy()), corrector);
  }
}
