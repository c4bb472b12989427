package io.vec2text.lm;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.Vec2TextException;
import java.util.Arrays;
import java.util.Map;

/**
 * The whole distribution from nothing but the most probable token and a logit bias: the smallest
 * bias with which a token wins is how far its logit is below the best one's. Found by bisection, in
 * log2(maxBias / tolerance) calls a token.
 *
 * <p>Tokens that do not win with the largest bias stay unknown.
 */
public final class BiasBisection implements LogitOracle {
  private final BiasedInterface.Argmax model;
  private final double maxBias;
  private final int steps;
  private final double[] gaps;
  private final CallCount count = new CallCount("the bisection of the bias");
  private int best = -1;
  private int next;

  /**
   * A method that has asked nothing yet.
   *
   * @param model the interface
   * @param vocabulary tokens in all
   * @param maxBias the largest bias that it takes
   * @param tolerance how exact differences of log-probabilities are to be
   */
  public BiasBisection(
      BiasedInterface.Argmax model, int vocabulary, double maxBias, double tolerance) {
    checkArgument(vocabulary > 1, "vocabulary must be at least 2, was %s", vocabulary);
    checkArgument(
        tolerance > 0 && tolerance < maxBias,
        "the tolerance must be from 0 to the largest bias %s, was %s",
        maxBias,
        tolerance);
    this.model = model;
    this.maxBias = maxBias;
    // A bisection ends in the middle of its last interval.
    this.steps = (int) Math.max(1, Math.ceil(Math.log(maxBias / tolerance) / Math.log(2)) - 1);
    gaps = new double[vocabulary];
    Arrays.fill(gaps, Double.POSITIVE_INFINITY);
  }

  @Override
  public long expectedCalls() {
    return 1 + (gaps.length - 1L) * (1 + steps);
  }

  @Override
  public long calls() {
    return count.calls();
  }

  @Override
  public NextTokenDistribution distribution(long maxCalls) {
    if (best < 0) {
      count.next(maxCalls, 0, gaps.length);
      best = model.argmax(Map.of());
      checkArgument(
          best >= 0 && best < gaps.length,
          "the interface answers with the token %s, expected ids from 0 to %s",
          best,
          gaps.length - 1);
      gaps[best] = 0;
    }
    for (; next < gaps.length; next++) {
      if (next != best) {
        gaps[next] = gap(next, maxCalls);
      }
    }
    return known();
  }

  /** As if the tokens that are not known had no probability. */
  @Override
  public NextTokenDistribution known() {
    if (Arrays.stream(gaps).filter(Double::isFinite).limit(2).count() < 2) {
      throw new Vec2TextException("the bisection of the bias knows no tokens yet");
    }
    return NextTokenDistribution.ofLogits(Arrays.stream(gaps).map(x -> -x).toArray());
  }

  private double gap(int token, long maxCalls) {
    if (!wins(token, maxBias, maxCalls)) {
      return Double.POSITIVE_INFINITY;
    }
    double low = 0;
    double high = maxBias;
    for (int step = 0; step < steps; step++) {
      double middle = (low + high) / 2;
      if (wins(token, middle, maxCalls)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return (low + high) / 2;
  }

  private boolean wins(int token, double bias, long maxCalls) {
    count.next(maxCalls, next, gaps.length);
    return model.argmax(Map.of(token, bias)) == token;
  }
}
