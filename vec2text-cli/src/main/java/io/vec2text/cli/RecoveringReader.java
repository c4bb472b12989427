package io.vec2text.cli;

import io.vec2text.lm.NextTokenDistribution;
import io.vec2text.lm.StateRecovery;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads distributions as the vectors of the states behind them. */
final class RecoveringReader implements VectorReader {
  private final VectorReader distributions;
  private final StateRecovery recovery;
  private final Observation observation;

  /**
   * How the distributions were observed.
   *
   * @param values what the numbers are
   * @param partial whether tokens of probability 0 were not observed
   * @param decimals to which the numbers were rounded; empty if they were not
   * @param temperature of the model; empty for 1
   */
  record Observation(
      LmInvertCommand.Values values,
      boolean partial,
      Optional<Integer> decimals,
      Optional<Double> temperature) {

    NextTokenDistribution of(float[] numbers) {
      double[] all = new double[numbers.length];
      for (int i = 0; i < all.length; i++) {
        all[i] = numbers[i];
      }
      NextTokenDistribution seen =
          switch (values) {
            case LOG_PROBABILITIES ->
                partial ? some(all) : NextTokenDistribution.ofLogProbabilities(all);
            case LOGITS -> NextTokenDistribution.ofLogits(all);
            case PROBABILITIES ->
                partial
                    ? some(Arrays.stream(all).map(Math::log).toArray())
                    : NextTokenDistribution.ofProbabilities(all);
          };
      if (decimals.isPresent()) {
        seen =
            values == LmInvertCommand.Values.PROBABILITIES
                ? seen.probabilitiesRounded(decimals.get())
                : seen.rounded(decimals.get());
      }
      return temperature.isPresent() ? seen.madeAtTemperature(temperature.get()) : seen;
    }

    private static NextTokenDistribution some(double[] logs) {
      // NaN is kept, to be refused by name.
      int[] tokens =
          IntStream.range(0, logs.length)
              .filter(i -> logs[i] != Double.NEGATIVE_INFINITY)
              .toArray();
      return NextTokenDistribution.ofSome(
          logs.length, tokens, IntStream.of(tokens).mapToDouble(i -> logs[i]).toArray());
    }
  }

  RecoveringReader(VectorReader distributions, StateRecovery recovery, Observation observation) {
    this.distributions = distributions;
    this.recovery = recovery;
    this.observation = observation;
  }

  @Override
  public OptionalLong rows() {
    return distributions.rows();
  }

  @Override
  public @Nullable Row next() throws IOException {
    Row row = distributions.next();
    if (!(row instanceof Row.Vector numbers)) {
      return row;
    }
    try {
      return new Row.Vector(
          recovery.vector(observation.of(numbers.values())), numbers.place(), numbers.metadata());
    } catch (IllegalArgumentException e) {
      return new Row.Malformed(String.valueOf(e.getMessage()), numbers.place());
    }
  }

  @Override
  public long skip(long count) throws IOException {
    return distributions.skip(count);
  }

  @Override
  public Optional<String> cursor() {
    return distributions.cursor();
  }

  @Override
  public String description() {
    return distributions.description();
  }

  @Override
  public long skippedLines() {
    return distributions.skippedLines();
  }

  @Override
  public void close() throws IOException {
    distributions.close();
  }
}
