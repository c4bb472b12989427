package io.vec2text.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.vec2text.Cancellation;
import io.vec2text.InversionOptions;
import io.vec2text.InversionResult;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Inverter} must do. A test class of an implementation extends this one. */
public abstract class InverterContract {
  private Inverter inverter;

  /** An open inverter: a new one, or one that {@link #release} kept. */
  protected abstract Inverter create() throws Exception;

  /** Closes an inverter after a test. Where opening one is slow, it may be kept for the next. */
  protected void release(Inverter inverter) {
    inverter.close();
  }

  /** Vectors of its space, at least three, of unit length, each of another text. */
  protected abstract List<float[]> vectors() throws Exception;

  /**
   * How long a cancelled call may go on: far more than it takes on a machine with time for it, as
   * one that is busy with other work is no failure, and far less than the call that is cancelled.
   */
  protected Duration patience() {
    return Duration.ofSeconds(10);
  }

  /** By how much a cosine may change with the batch. */
  protected double tolerance() {
    return 1e-5;
  }

  /** Options that keep the tests short. */
  protected InversionOptions.Builder options() {
    return InversionOptions.builder().maxEmbeddings(100);
  }

  @BeforeEach
  void open() throws Exception {
    inverter = create();
  }

  @AfterEach
  void close() {
    release(inverter);
  }

  /** That results agree up to {@link #tolerance}, but for the time that they took. */
  protected final void assertSame(InversionResult actual, InversionResult expected) {
    assertThat(actual.text()).isEqualTo(expected.text());
    assertThat(actual.cosine()).isCloseTo(expected.cosine(), within(tolerance()));
    assertThat(actual.verdict()).isEqualTo(expected.verdict());
    assertThat(actual.stop()).isEqualTo(expected.stop());
    assertThat(actual.cost().embedderCalls()).isEqualTo(expected.cost().embedderCalls());
  }

  @Test
  protected void aBatchKeepsItsOrderAndEqualsSingleCalls() throws Exception {
    List<float[]> reversed = ImmutableList.copyOf(vectors()).reverse();
    List<Outcome> outcomes = inverter.invertAll(reversed, options().build());
    assertThat(outcomes).hasSameSizeAs(reversed);
    for (int i = 0; i < outcomes.size(); i++) {
      assertSame(outcomes.get(i).orThrow(), inverter.invert(reversed.get(i), options().build()));
    }
  }

  @Test
  void resultsAreConsistent() throws Exception {
    for (Outcome outcome : inverter.invertAll(vectors(), options().build())) {
      InversionResult r = outcome.orThrow();
      assertThat(r.cosine()).isBetween(-1.0, 1.0);
      assertThat(r.vectorNorm()).isCloseTo(1, within(1e-3));
      assertThat(r.cost().embedderCalls()).isBetween(0, options().build().maxEmbeddings());
      if (r.verdict() == Verdict.EXACT) {
        assertThat(r.cosine()).isGreaterThanOrEqualTo(Verdict.EXACT_COSINE);
      }
      if (!r.alternatives().isEmpty()) {
        assertThat(r.alternatives().get(0).text()).isEqualTo(r.text());
      }
      assertThat(r.alternatives())
          .isSortedAccordingTo((a, b) -> Double.compare(b.cosine(), a.cosine()));
      if (r.text().length() > 3) {
        assertThat(r.toString()).doesNotContain(r.text());
        assertThat(outcome.toString()).doesNotContain(r.text());
      }
    }
  }

  @Test
  void anEmptyBatchHasNoOutcomes() {
    assertThat(inverter.invertAll(List.of(), options().build())).isEmpty();
  }

  @Test
  @SuppressWarnings("NullAway") // null is what it is to refuse
  void badVectorsFailAlone() throws Exception {
    float[] good = vectors().get(0);
    float[] nan = good.clone();
    nan[1] = Float.NaN;
    float[] infinite = good.clone();
    infinite[0] = Float.NEGATIVE_INFINITY;
    List<float[]> bad =
        List.of(nan, infinite, new float[good.length], new float[good.length + 1], new float[0]);
    bad = new ArrayList<>(bad);
    bad.add(null);
    List<float[]> batch = new ArrayList<>();
    for (float[] b : bad) {
      batch.add(b);
      float[] another = good.clone(); // of the same direction, but no duplicate
      for (int i = 0; i < good.length; i++) {
        another[i] = Math.scalb(good[i], batch.size());
      }
      batch.add(another);
    }
    List<Outcome> outcomes = inverter.invertAll(batch, options().build());
    InversionResult expected = inverter.invert(good, options().build());
    for (int i = 0; i < batch.size(); i += 2) {
      assertThat(outcomes.get(i).error())
          .hasValueSatisfying(e -> assertThat(e).isInstanceOf(IllegalArgumentException.class));
      assertSame(outcomes.get(i + 1).orThrow(), expected);
    }
    for (float[] b : bad) {
      assertThatIllegalArgumentException().isThrownBy(() -> inverter.invert(b));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> inverter.invert(null))
        .withMessageContaining("the vector is null");
  }

  @Test
  void equalVectorsHaveEqualOutcomes() throws Exception {
    float[] vector = vectors().get(0);
    List<Outcome> outcomes =
        inverter.invertAll(List.of(vector, vector.clone(), vector), options().build());
    InversionResult first = outcomes.get(0).orThrow();
    for (Outcome outcome : outcomes) {
      assertThat(outcome.orThrow().text()).isEqualTo(first.text());
      assertThat(outcome.orThrow().verdict()).isEqualTo(first.verdict());
    }
  }

  @Test
  void aBatchNeedsNoOptions() {
    assertThat(inverter.invertAll(List.of(new float[1])))
        .singleElement()
        .matches(o -> o.error().isPresent());
  }

  @Test
  void aScaledVectorIsRescaledAndItsNormNoted() throws Exception {
    float[] vector = vectors().get(0);
    float[] scaled = vector.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= 4; // exact in binary
    }
    float[] given = scaled.clone();
    InversionResult r = inverter.invert(scaled, options().build());
    assertThat(r.vectorNorm()).isCloseTo(4, within(1e-2));
    assertThat(r.text()).isEqualTo(inverter.invert(vector, options().build()).text());
    assertThat(scaled).isEqualTo(given);
  }

  @Test
  void theListenerHearsOfEveryItemOnce() throws Exception {
    List<float[]> batch = new ArrayList<>(vectors());
    batch.add(1, new float[3]);
    List<Integer> heard = new ArrayList<>();
    List<Outcome> outcomes = new ArrayList<>(Collections.nCopies(batch.size(), null));
    List<Outcome> returned =
        inverter.invertAll(
            batch,
            options()
                .listener(
                    (index, outcome) -> {
                      heard.add(index);
                      outcomes.set(index, outcome);
                    })
                .build());
    assertThat(heard).doesNotHaveDuplicates().hasSameSizeAs(batch);
    assertThat(outcomes).isEqualTo(returned);
  }

  @Test
  protected void theSameSeedGivesTheSameResults() throws Exception {
    List<Outcome> first = inverter.invertAll(vectors(), options().seed(7).build());
    List<Outcome> second = inverter.invertAll(vectors(), options().seed(7).build());
    for (int i = 0; i < first.size(); i++) {
      assertSame(second.get(i).orThrow(), first.get(i).orThrow());
    }
  }

  @Test
  void eightThreadsAgree() throws Exception {
    float[] vector = vectors().get(0);
    InversionOptions options = options().build();
    InversionResult expected = inverter.invert(vector, options);
    for (InversionResult r : Threads.results(() -> inverter.invert(vector, options))) {
      assertSame(r, expected);
    }
  }

  @Test
  void whatIsCancelledBeforehandReturnsAtOnce() throws Exception {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    List<float[]> many = many();
    long start = System.nanoTime();
    List<Outcome> outcomes = inverter.invertAll(many, options().cancellation(cancellation).build());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(patience());
    assertThat(outcomes).hasSameSizeAs(many).allMatch(o -> o.error().isEmpty());
  }

  @Test
  void aRunningCallCanBeCancelled() throws Exception {
    Cancellation cancellation = new Cancellation();
    InversionOptions options =
        options().maxEmbeddings(1_000_000).cancellation(cancellation).build();
    List<float[]> many = many();
    Threads.Disturbed<List<Outcome>> disturbed =
        Threads.disturb(
            () -> inverter.invertAll(many, options),
            Duration.ofMillis(50),
            thread -> cancellation.cancel());
    assertThat(disturbed.delay()).isLessThan(patience());
    assertThat(disturbed.result()).hasSameSizeAs(many).allMatch(o -> o.error().isEmpty());
  }

  @Test
  void aRunningCallCanBeInterruptedAndTheThreadStaysSo() throws Exception {
    InversionOptions options = options().maxEmbeddings(1_000_000).build();
    List<float[]> many = many();
    Threads.Disturbed<List<Outcome>> disturbed =
        Threads.disturb(
            () -> inverter.invertAll(many, options), Duration.ofMillis(50), Thread::interrupt);
    assertThat(disturbed.delay()).isLessThan(patience());
    assertThat(disturbed.interrupted()).isTrue();
    assertThat(disturbed.result()).hasSameSizeAs(many).allMatch(o -> o.error().isEmpty());
  }

  /** More than can be done before the call is disturbed, all different. */
  private List<float[]> many() throws Exception {
    List<float[]> vectors = vectors();
    List<float[]> many = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      for (float[] vector : vectors) {
        float[] moved = vector.clone();
        moved[i % moved.length] += 1e-3f * (1 + i / moved.length);
        many.add(moved);
      }
    }
    return many;
  }

  @Test
  void closeWaitsForCallsInFlightAndEndsService() throws Exception {
    float[] vector = vectors().get(0);
    InversionOptions options = options().maxEmbeddings(10).build();
    Threads.closeInFlight(() -> inverter.invert(vector, options), inverter);
  }
}
