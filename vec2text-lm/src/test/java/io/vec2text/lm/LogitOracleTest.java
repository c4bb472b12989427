package io.vec2text.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.Vec2TextException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Ways to a whole distribution, against servers that are simulated. */
final class LogitOracleTest {
  private static final int VOCABULARY = 400;
  private static final int SIZE = 12;

  private final double[][] output = new double[VOCABULARY][SIZE];
  private final Random random = new Random(5);
  private final double[] logits;

  LogitOracleTest() {
    for (double[] row : output) {
      for (int j = 0; j < SIZE; j++) {
        row[j] = random.nextGaussian();
      }
    }
    logits = logits();
  }

  /** Logits of a random state. */
  private double[] logits() {
    double[] state = random.doubles(SIZE, -1.5, 1.5).toArray();
    double[] all = new double[VOCABULARY];
    for (int i = 0; i < VOCABULARY; i++) {
      for (int j = 0; j < SIZE; j++) {
        all[i] += output[i][j] * state[j];
      }
    }
    return all;
  }

  private double[] biased(Map<Integer, Double> bias) {
    double[] all = logits.clone();
    bias.forEach((token, x) -> all[token] += x);
    return all;
  }

  private NextTokenDistribution top(Map<Integer, Double> bias, int k) {
    return NextTokenDistribution.ofLogits(biased(bias)).top(k);
  }

  private int argmax(Map<Integer, Double> bias) {
    double[] all = biased(bias);
    int best = 0;
    for (int i = 1; i < all.length; i++) {
      best = all[i] > all[best] ? i : best;
    }
    return best;
  }

  private void assertWhole(NextTokenDistribution found, double tolerance) {
    NextTokenDistribution expected = NextTokenDistribution.ofLogits(logits);
    assertThat(found.isFull()).isTrue();
    for (int i = 0; i < VOCABULARY; i++) {
      assertThat(found.logProbabilities().get(i))
          .isCloseTo(expected.logProbabilities().get(i), within(tolerance));
    }
  }

  @Test
  void theReferenceTokenGivesAllFromTheMostProbable() {
    ReferenceTokenMethod method =
        new ReferenceTokenMethod(bias -> top(bias, 20), VOCABULARY, 20, 100);
    assertThat(method.expectedCalls()).isEqualTo(1 + 20);
    assertWhole(method.distribution(200), 1e-9);
    assertThat(method.calls()).isBetween(21L, 60L);
  }

  @Test
  void aCapThatWasTooLowLosesNothing() {
    ReferenceTokenMethod method =
        new ReferenceTokenMethod(bias -> top(bias, 20), VOCABULARY, 20, 100);
    assertThatThrownBy(() -> method.distribution(5))
        .isInstanceOf(Vec2TextException.class)
        .hasMessageContaining("made 5 calls, which is the most that it may");
    assertThat(method.calls()).isEqualTo(5);
    assertWhole(method.distribution(200), 1e-9);
  }

  @Test
  void aServerThatHidesTheBiasIsFoundOut() {
    ReferenceTokenMethod method =
        new ReferenceTokenMethod(bias -> top(Map.of(), 20), VOCABULARY, 20, 100);
    assertThatThrownBy(() -> method.distribution(200))
        .isInstanceOf(Vec2TextException.class)
        .hasMessageContaining("do not show the logit bias");
    assertThat(method.calls()).isEqualTo(2);
  }

  @Test
  void tokensBeyondTheLargestBiasStayUnknown() {
    ReferenceTokenMethod method =
        new ReferenceTokenMethod(bias -> top(bias, 20), VOCABULARY, 20, 6);
    NextTokenDistribution found = method.distribution(5000);
    assertThat(found.isFull()).isFalse();
    assertThat(found.tokens().length()).isGreaterThan(20);
  }

  @Test
  void bisectionGivesAllFromTheAnswersAlone() {
    BiasBisection method = new BiasBisection(this::argmax, VOCABULARY, 64, 1e-6);
    NextTokenDistribution found = method.distribution(Long.MAX_VALUE);
    assertWhole(found, 2e-6);
    assertThat(method.calls()).isEqualTo(method.expectedCalls());
    assertThat(method.calls() / (double) VOCABULARY).isLessThan(28);
  }

  @Test
  void bisectionGoesOnWhereTheCapWas() {
    BiasBisection method = new BiasBisection(this::argmax, VOCABULARY, 64, 1e-3);
    assertThatThrownBy(() -> method.distribution(1000)).isInstanceOf(Vec2TextException.class);
    assertWhole(method.distribution(Long.MAX_VALUE), 2e-3);
    assertThat(method.calls()).isLessThan(method.expectedCalls() + 20);
  }

  @Test
  void fewTokensGiveAllOnceTheSpaceIsKnown() {
    List<NextTokenDistribution> whole = new ArrayList<>();
    for (int i = 0; i < SIZE + 8; i++) {
      whole.add(NextTokenDistribution.ofLogits(logits()));
    }
    assertThat(HiddenSize.of(whole).map(HiddenSize::size)).hasValue(SIZE);
    LowRankCompletion completion = LowRankCompletion.of(whole, SIZE);
    NextTokenDistribution seen = NextTokenDistribution.ofLogits(logits);
    assertWhole(completion.complete(seen.top(SIZE + 1)), 1e-5);
    assertWhole(completion.complete(seen.top(4 * SIZE).rounded(4)), 5e-3);
    assertThatThrownBy(() -> completion.complete(seen.top(SIZE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there are 12 tokens, expected at least 13");
    assertThatThrownBy(() -> LowRankCompletion.of(whole.subList(0, 5), SIZE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there are 5 distributions, expected at least 14");
  }
}
