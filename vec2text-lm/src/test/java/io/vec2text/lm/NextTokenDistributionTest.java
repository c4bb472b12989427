package io.vec2text.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class NextTokenDistributionTest {
  private static final double[] LOGS = {Math.log(.5), Math.log(.3), Math.log(.15), Math.log(.05)};

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void logitsAreNoLogProbabilities() {
    refused(
        () -> NextTokenDistribution.ofLogProbabilities(new double[] {3, 1, -2}),
        "the log-probability of token 0 is 3.0, expected a number of at most 0; logits are no"
            + " log-probabilities");
    refused(
        () -> NextTokenDistribution.ofLogProbabilities(new double[] {-1, -1, -1, -1}),
        "the probabilities sum to 1.47");
    NextTokenDistribution normalised =
        NextTokenDistribution.ofLogits(Arrays.stream(LOGS).map(x -> x + 7).toArray());
    assertThat(normalised.logProbabilities().get(1)).isCloseTo(LOGS[1], within(1e-12));
  }

  @Test
  void numbersThatAreNoneAreNamed() {
    double[] bad = LOGS.clone();
    bad[2] = Double.NaN;
    refused(() -> NextTokenDistribution.ofLogProbabilities(bad), "token 2 is NaN");
    refused(() -> NextTokenDistribution.ofLogits(bad), "token 2 is NaN");
    refused(
        () -> NextTokenDistribution.ofProbabilities(new double[] {.5, -.1, .6}),
        "the probability of token 1 is -0.1");
    refused(() -> NextTokenDistribution.ofProbabilities(new double[] {.5, .1, .1}), "expected 1");
    refused(() -> NextTokenDistribution.ofLogProbabilities(new double[0]), "there are 0 values");
  }

  @Test
  void someTokensMustBeThereOnceEach() {
    refused(
        () -> NextTokenDistribution.ofSome(10, new int[0], new double[0]),
        "the values of 0 tokens were given");
    refused(
        () -> NextTokenDistribution.ofSome(10, new int[] {1, 2}, new double[] {-1}),
        "there are 2 tokens and 1 log-probabilities");
    refused(
        () -> NextTokenDistribution.ofSome(10, new int[] {1, 12}, new double[] {-1, -2}),
        "there is a token 12, expected ids from 0 to 9");
    refused(
        () -> NextTokenDistribution.ofSome(10, new int[] {1, 1}, new double[] {-1, -2}),
        "token 1 is there twice");
    refused(
        () -> NextTokenDistribution.ofSome(10, new int[] {1, 2}, new double[] {-.1, -.1}),
        "expected at most 1");
  }

  @Test
  void theMostProbableTokensKeepTheirValues() {
    NextTokenDistribution top = NextTokenDistribution.ofLogProbabilities(LOGS).top(2);
    assertThat(top.tokens().asList()).containsExactly(0, 1);
    assertThat(top.isFull()).isFalse();
    assertThat(top.logProbability(1)).hasValue(LOGS[1]);
    assertThat(top.logProbability(3)).isEmpty();
  }

  @Test
  void roundingIsRememberedAsVariance() {
    NextTokenDistribution whole = NextTokenDistribution.ofLogProbabilities(LOGS);
    assertThat(whole.roundingVariance(0)).isZero();
    assertThat(whole.rounded(2).roundingVariance(0)).isCloseTo(1e-4 / 12, within(1e-12));
    NextTokenDistribution coarse =
        NextTokenDistribution.ofProbabilities(new double[] {.5, .3, .16, .04})
            .probabilitiesRounded(1);
    assertThat(coarse.tokens().length()).isEqualTo(3);
    assertThat(coarse.roundingVariance(2)).isGreaterThan(coarse.roundingVariance(0));
  }

  @Test
  void probabilitiesOfZeroAreNotObserved() {
    NextTokenDistribution d =
        NextTokenDistribution.ofProbabilities(new double[] {.6, .35, 0, 0, 0});
    assertThat(d.tokens().asList()).containsExactly(0, 1);
    assertThat(d.vocabulary()).isEqualTo(5);
  }

  @Test
  void aTemperatureFlattens() {
    NextTokenDistribution hot = NextTokenDistribution.ofLogProbabilities(LOGS).atTemperature(2);
    assertThat(Logs.sumExp(hot.logProbabilities().toArray())).isCloseTo(0, within(1e-12));
    assertThat(hot.logProbabilities().get(0) - hot.logProbabilities().get(1))
        .isCloseTo((LOGS[0] - LOGS[1]) / 2, within(1e-12));
    assertThat(hot.temperature()).isEqualTo(2);
    refused(
        () -> NextTokenDistribution.ofLogProbabilities(LOGS).top(2).atTemperature(2),
        "needs the log-probabilities of all tokens");
  }

  @Test
  void textShowsNoToken() {
    assertThat(NextTokenDistribution.ofLogProbabilities(LOGS).top(3))
        .hasToString("NextTokenDistribution[3 of 4 tokens]");
  }
}
