package io.vec2text.lm;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.vec2text.Vec2TextException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The whole distribution from the k most probable tokens and a logit bias (Morris et al. 2024;
 * Finlayson et al. 2024).
 *
 * <p>A call biases k − 1 tokens by b and leaves the most probable token m as it is, which then is
 * always among the k that are shown. Both are divided by the same sum, so that for each biased
 * token that is shown
 *
 * <pre>{@code
 * l_i = l'_i − l'_m + l_m − b
 * }</pre>
 *
 * <p>Tokens that are not shown are asked for again with a larger b. No probability near 1 is taken
 * the logarithm of one minus it, which loses all digits where b is large.
 */
public final class ReferenceTokenMethod implements LogitOracle {
  /** How much more than the gap to the best token the first bias is, in nats. */
  private static final double FIRST = 8;

  private static final double MORE = 6;

  /** Below this a bias left no trace. */
  private static final double TRACE = 1e-3;

  private final BiasedInterface.Top model;
  private final int vocabulary;
  private final int shown;
  private final double maxBias;
  private final double[] logs;
  private final CallCount count = new CallCount("the reference-token method");
  private final Deque<Integer> open = new ArrayDeque<>();
  private @Nullable NextTokenDistribution unbiased;
  private int best;
  private double bias;

  /**
   * A method that has asked nothing yet.
   *
   * @param model the interface
   * @param vocabulary tokens in all
   * @param shown how many the interface shows of a call, at least 2
   * @param maxBias the largest bias that it takes
   */
  public ReferenceTokenMethod(
      BiasedInterface.Top model, int vocabulary, int shown, double maxBias) {
    checkArgument(vocabulary > 1, "vocabulary must be at least 2, was %s", vocabulary);
    checkArgument(shown > 1, "shown must be at least 2, was %s", shown);
    checkArgument(maxBias > 0, "maxBias must be above 0, was %s", maxBias);
    this.model = model;
    this.vocabulary = vocabulary;
    this.shown = Math.min(shown, vocabulary);
    this.maxBias = maxBias;
    logs = new double[vocabulary];
    Arrays.fill(logs, Double.NEGATIVE_INFINITY);
  }

  @Override
  public long expectedCalls() {
    return 1 + (vocabulary - shown + shown - 2L) / (shown - 1);
  }

  @Override
  public long calls() {
    return count.calls();
  }

  @Override
  public NextTokenDistribution distribution(long maxCalls) {
    begin(maxCalls);
    int fruitless = 0;
    // With the largest bias, every open token is asked for once more, and then left open.
    while (fruitless < open.size()) {
      count.next(maxCalls, vocabulary - open.size(), vocabulary);
      List<Integer> asked = new ArrayList<>();
      while (asked.size() < shown - 1 && !open.isEmpty()) {
        asked.add(open.remove());
      }
      boolean largest = bias >= maxBias;
      int before = open.size() + asked.size();
      try {
        ask(asked);
      } finally {
        // What was not shown, or lost with the call, is asked for again.
        asked.stream().filter(i -> logs[i] == Double.NEGATIVE_INFINITY).forEach(open::add);
      }
      fruitless = largest && open.size() == before ? fruitless + asked.size() : 0;
    }
    return known();
  }

  @Override
  public NextTokenDistribution known() {
    int[] known =
        IntStream.range(0, vocabulary).filter(i -> logs[i] > Double.NEGATIVE_INFINITY).toArray();
    if (known.length < 2) {
      throw new Vec2TextException("the reference-token method knows no tokens yet");
    }
    return known.length == vocabulary
        ? NextTokenDistribution.ofLogits(logs)
        : NextTokenDistribution.ofSome(
            vocabulary, known, Arrays.stream(known).mapToDouble(i -> logs[i]).toArray());
  }

  private void begin(long maxCalls) {
    if (unbiased != null) {
      return;
    }
    count.next(maxCalls, 0, vocabulary);
    NextTokenDistribution first = model.top(Map.of());
    checkArgument(
        first.vocabulary() == vocabulary,
        "the interface shows a vocabulary of %s tokens, expected %s",
        first.vocabulary(),
        vocabulary);
    double lowest = 0;
    best = first.tokens().get(0);
    for (int i = 0; i < first.tokens().length(); i++) {
      int token = first.tokens().get(i);
      logs[token] = first.logProbabilities().get(i);
      lowest = Math.min(lowest, logs[token]);
      best = logs[token] > logs[best] ? token : best;
    }
    unbiased = first;
    bias = Math.min(maxBias, logs[best] - lowest + FIRST);
    IntStream.range(0, vocabulary)
        .filter(i -> logs[i] == Double.NEGATIVE_INFINITY)
        .forEach(open::add);
  }

  private void ask(List<Integer> tokens) {
    Map<Integer, Double> biases = new HashMap<>();
    tokens.forEach(i -> biases.put(i, bias));
    NextTokenDistribution answer = model.top(biases);
    OptionalDouble reference = answer.logProbability(best);
    if (reference.isEmpty()) {
      throw new Vec2TextException(
          "the interface shows fewer than " + shown + " tokens, or not the most probable ones");
    }
    if (Math.abs(reference.getAsDouble() - logs[best]) < TRACE
        && answer.tokens().equals(requireNonNull(unbiased).tokens())) {
      throw new Vec2TextException(
          "the interface's log-probabilities do not show the logit bias; only what it answers may,"
              + " for which there is the bisection of the bias");
    }
    boolean all = true;
    for (int i : tokens) {
      OptionalDouble seen = answer.logProbability(i);
      if (seen.isPresent()) {
        logs[i] = seen.getAsDouble() - reference.getAsDouble() + logs[best] - bias;
      } else {
        all = false;
      }
    }
    if (!all) {
      bias = Math.min(maxBias, bias + MORE);
    }
  }
}
