package io.vec2text.lm.server;

import io.vec2text.Vec2TextException;
import io.vec2text.lm.LogitOracle;
import io.vec2text.lm.NextTokenDistribution;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** What oracles of a server share: what is known by token, and how often they asked. */
abstract class CountedOracle implements LogitOracle {
  private static final long SEED = 28;

  /** Log-probabilities by token; -∞ where nothing is known. */
  final double[] logs;

  private long calls;

  CountedOracle(int vocabulary) {
    logs = new double[vocabulary];
    Arrays.fill(logs, Double.NEGATIVE_INFINITY);
  }

  @Override
  public final long calls() {
    return calls;
  }

  final void count(long max) {
    if (calls >= max) {
      throw new CallLimitException(calls);
    }
    calls++;
  }

  final void learn(Shown shown) {
    for (int i = 0; i < shown.tokens().length(); i++) {
      logs[shown.tokens().get(i)] = shown.logs().get(i);
    }
  }

  /** All tokens, so that the first of them are a fair sample. */
  static int[] shuffled(int vocabulary) {
    int[] order = IntStream.range(0, vocabulary).toArray();
    Random random = new Random(SEED);
    for (int i = vocabulary - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int other = order[j];
      order[j] = order[i];
      order[i] = other;
    }
    return order;
  }

  @Override
  public final NextTokenDistribution known() {
    int[] known =
        IntStream.range(0, logs.length).filter(i -> logs[i] > Double.NEGATIVE_INFINITY).toArray();
    if (known.length < 2) {
      throw new Vec2TextException("no log-probabilities of tokens are known yet");
    }
    return known.length == logs.length
        ? NextTokenDistribution.ofLogProbabilities(logs)
        : NextTokenDistribution.ofSome(
            logs.length, known, Arrays.stream(known).mapToDouble(i -> logs[i]).toArray());
  }
}
