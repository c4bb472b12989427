package io.vec2text.lm;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What was observed of the distribution of the next token: the log-probabilities of all tokens of
 * the vocabulary, or of some. Immutable.
 *
 * <p>Scores before the softmax ("logits") are not taken for log-probabilities: {@link #ofLogits}
 * normalises them. A token of probability 0 counts as not observed: a language model gives none, so
 * it was rounded away.
 *
 * <p>Its text shows no token: what is likely after a prompt tells of the prompt.
 */
public final class NextTokenDistribution {
  /** How far from 1 a sum of probabilities may be, as rounding to two decimals makes it. */
  private static final double TOLERANCE = 0.02;

  /** The share that may be missing where small probabilities were rounded to zero. */
  private static final double ROUNDED_AWAY = 0.2;

  private static final int MAX_DECIMALS = 12;

  private final int vocabulary;
  private final ImmutableIntArray tokens;
  private final ImmutableDoubleArray logs;
  private final double temperature;
  private final double logStep;
  private final double probabilityStep;

  private NextTokenDistribution(
      int vocabulary,
      ImmutableIntArray tokens,
      ImmutableDoubleArray logs,
      double temperature,
      double logStep,
      double probabilityStep) {
    this.vocabulary = vocabulary;
    this.tokens = tokens;
    this.logs = logs;
    this.temperature = temperature;
    this.logStep = logStep;
    this.probabilityStep = probabilityStep;
  }

  /**
   * The natural log-probabilities of all tokens.
   *
   * @param logs by token; -∞ for a probability of 0
   * @throws IllegalArgumentException if they are none
   */
  public static NextTokenDistribution ofLogProbabilities(double[] logs) {
    checkSize(logs);
    for (int i = 0; i < logs.length; i++) {
      checkLog(i, logs[i]);
    }
    double sum = Math.exp(Logs.sumExp(logs));
    checkSum(sum, Arrays.stream(logs).anyMatch(x -> x == Double.NEGATIVE_INFINITY), "log-");
    return of(logs);
  }

  /**
   * Scores of all tokens before the softmax, or log-probabilities less anything.
   *
   * @throws IllegalArgumentException if one is NaN or +∞, or all are -∞
   */
  public static NextTokenDistribution ofLogits(double[] logits) {
    checkSize(logits);
    for (int i = 0; i < logits.length; i++) {
      if (!(logits[i] < Double.POSITIVE_INFINITY)) {
        throw wrong("logit", i, logits[i], "finite numbers");
      }
    }
    double c = Logs.sumExp(logits);
    checkArgument(c > Double.NEGATIVE_INFINITY, "all logits are -∞, expected finite numbers");
    return of(Arrays.stream(logits).map(x -> x - c).toArray());
  }

  /**
   * The probabilities of all tokens.
   *
   * @throws IllegalArgumentException if they are none: negative, NaN, or of another sum than 1
   */
  public static NextTokenDistribution ofProbabilities(double[] probabilities) {
    checkSize(probabilities);
    double sum = 0;
    boolean zeros = false;
    for (int i = 0; i < probabilities.length; i++) {
      double p = probabilities[i];
      if (!(p >= 0 && p <= 1 + TOLERANCE)) {
        throw wrong("probability", i, p, "a number from 0 to 1");
      }
      sum += p;
      zeros |= p == 0;
    }
    checkSum(sum, zeros, "");
    return of(Arrays.stream(probabilities).map(Math::log).toArray());
  }

  /**
   * The natural log-probabilities of some tokens, such as the k most probable.
   *
   * @param vocabulary how many tokens there are in all
   * @param tokens ids, each once
   * @param logs their log-probabilities
   * @throws IllegalArgumentException if there are none, an id is wrong or there twice, or they are
   *     no log-probabilities
   */
  public static NextTokenDistribution ofSome(int vocabulary, int[] tokens, double[] logs) {
    checkArgument(vocabulary > 1, "vocabulary must be at least 2, was %s", vocabulary);
    checkArgument(
        tokens.length == logs.length,
        "there are %s tokens and %s log-probabilities, expected one for each token",
        tokens.length,
        logs.length);
    checkArgument(
        tokens.length > 1,
        "the values of %s tokens were given, expected at least 2",
        tokens.length);
    double[] all = new double[vocabulary];
    Arrays.fill(all, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < tokens.length; i++) {
      int token = tokens[i];
      checkArgument(
          token >= 0 && token < vocabulary,
          "there is a token %s, expected ids from 0 to %s",
          token,
          vocabulary - 1);
      checkArgument(all[token] == Double.NEGATIVE_INFINITY, "token %s is there twice", token);
      checkLog(token, logs[i]);
      all[token] = logs[i];
    }
    double sum = Math.exp(Logs.sumExp(logs));
    checkArgument(
        sum <= 1 + TOLERANCE,
        "the probabilities of the tokens sum to %s, expected at most 1; logits are no"
            + " log-probabilities",
        sum);
    return of(all);
  }

  private static NextTokenDistribution of(double[] all) {
    int[] seen =
        IntStream.range(0, all.length).filter(i -> all[i] > Double.NEGATIVE_INFINITY).toArray();
    return new NextTokenDistribution(
        all.length,
        ImmutableIntArray.copyOf(seen),
        ImmutableDoubleArray.copyOf(Arrays.stream(seen).mapToDouble(i -> all[i])),
        1,
        0,
        0);
  }

  private static void checkSize(double[] values) {
    checkArgument(
        values.length > 1, "there are %s values, expected one for each token", values.length);
  }

  private static void checkLog(int token, double log) {
    if (!(log <= TOLERANCE)) {
      throw wrong(
          "log-probability", token, log, "a number of at most 0; logits are no log-probabilities");
    }
  }

  private static IllegalArgumentException wrong(
      String what, int token, double value, String expected) {
    return new IllegalArgumentException(
        "the " + what + " of token " + token + " is " + value + ", expected " + expected);
  }

  private static void checkSum(double sum, boolean zeros, String kind) {
    checkArgument(
        Math.abs(sum - 1) <= TOLERANCE || (zeros && sum < 1 && sum >= 1 - ROUNDED_AWAY),
        "the probabilities sum to %s, expected 1: these are no %sprobabilities; logits are to be"
            + " given as such",
        sum,
        kind);
  }

  /** Tokens of the vocabulary. */
  public int vocabulary() {
    return vocabulary;
  }

  /** The tokens whose log-probabilities were observed, ascending. */
  public ImmutableIntArray tokens() {
    return tokens;
  }

  /** Their log-probabilities, as they were observed. */
  public ImmutableDoubleArray logProbabilities() {
    return logs;
  }

  /** Whether all tokens were observed. */
  public boolean isFull() {
    return tokens.length() == vocabulary;
  }

  /** The log-probability of a token; empty if it was not observed. */
  public OptionalDouble logProbability(int token) {
    int at = Arrays.binarySearch(tokens.toArray(), token);
    return at < 0 ? OptionalDouble.empty() : OptionalDouble.of(logs.get(at));
  }

  /** The temperature at which the model answered; 1 unless it is known to be another. */
  public double temperature() {
    return temperature;
  }

  /**
   * The variance of what rounding did to the i-th log-probability observed: that of an even
   * distribution over one step of the scale.
   */
  double roundingVariance(int i) {
    double relative = probabilityStep == 0 ? 0 : probabilityStep / Math.exp(logs.get(i));
    return (logStep * logStep + relative * relative) / 12;
  }

  /**
   * The k most probable of the tokens observed, as many interfaces show them.
   *
   * @throws IllegalArgumentException if k is below 2
   */
  public NextTokenDistribution top(int k) {
    checkArgument(k > 1, "k must be at least 2, was %s", k);
    int[] best =
        IntStream.range(0, tokens.length())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -logs.get(i)))
            .limit(k)
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
    return new NextTokenDistribution(
        vocabulary,
        ImmutableIntArray.copyOf(Arrays.stream(best).map(tokens::get)),
        ImmutableDoubleArray.copyOf(Arrays.stream(best).mapToDouble(logs::get)),
        temperature,
        logStep,
        probabilityStep);
  }

  /**
   * Log-probabilities rounded to decimals, which {@link StateRecovery} allows for.
   *
   * @param decimals from 0 to 12
   */
  public NextTokenDistribution rounded(int decimals) {
    double step = step(decimals);
    return new NextTokenDistribution(
        vocabulary,
        tokens,
        ImmutableDoubleArray.copyOf(logs.stream().map(x -> step * Math.rint(x / step))),
        temperature,
        Math.max(logStep, step),
        probabilityStep);
  }

  /**
   * Probabilities rounded to decimals, which {@link StateRecovery} allows for; those rounded to
   * zero are not observed any more.
   *
   * @param decimals from 0 to 12
   * @throws IllegalArgumentException if fewer than two tokens are left
   */
  public NextTokenDistribution probabilitiesRounded(int decimals) {
    double step = step(decimals);
    int[] left =
        IntStream.range(0, tokens.length())
            .filter(i -> Math.rint(Math.exp(logs.get(i)) / step) > 0)
            .toArray();
    checkArgument(
        left.length > 1,
        "rounded to %s decimals, the probabilities of %s tokens are left, expected at least 2",
        decimals,
        left.length);
    return new NextTokenDistribution(
        vocabulary,
        ImmutableIntArray.copyOf(Arrays.stream(left).map(tokens::get)),
        ImmutableDoubleArray.copyOf(
            Arrays.stream(left)
                .mapToDouble(i -> Math.log(step * Math.rint(Math.exp(logs.get(i)) / step)))),
        temperature,
        logStep,
        Math.max(probabilityStep, step));
  }

  private static double step(int decimals) {
    checkArgument(
        decimals >= 0 && decimals <= MAX_DECIMALS,
        "decimals must be from 0 to %s, was %s",
        MAX_DECIMALS,
        decimals);
    return Math.pow(10, -decimals);
  }

  /**
   * What the model would show at another temperature: p^(1/T), normalised.
   *
   * @param temperature above 0
   * @throws IllegalArgumentException if not all tokens were observed
   */
  public NextTokenDistribution atTemperature(double temperature) {
    checkArgument(
        temperature > 0 && temperature < Double.POSITIVE_INFINITY,
        "the temperature must be above 0, was %s",
        temperature);
    checkArgument(isFull(), "a temperature needs the log-probabilities of all tokens");
    double[] scaled = logs.stream().map(x -> x / temperature).toArray();
    double c = Logs.sumExp(scaled);
    return new NextTokenDistribution(
        vocabulary,
        tokens,
        ImmutableDoubleArray.copyOf(Arrays.stream(scaled).map(x -> x - c)),
        this.temperature * temperature,
        logStep / temperature,
        probabilityStep);
  }

  /** The same values, known to have been made at a temperature. */
  public NextTokenDistribution madeAtTemperature(double temperature) {
    checkArgument(
        temperature > 0 && temperature < Double.POSITIVE_INFINITY,
        "the temperature must be above 0, was %s",
        temperature);
    return new NextTokenDistribution(
        vocabulary, tokens, logs, temperature, logStep, probabilityStep);
  }

  /** How much was observed. */
  @Override
  public String toString() {
    return "NextTokenDistribution[" + tokens.length() + " of " + vocabulary + " tokens]";
  }
}
