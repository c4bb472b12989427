package io.vec2text.cli;

import io.vec2text.lm.NextTokenDistribution;
import io.vec2text.lm.RecoveredState;
import io.vec2text.lm.StateRecovery;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads distributions as the vectors of the states behind them. */
final class RecoveringReader extends MappedReader {
  private final StateRecovery recovery;
  private final Observation observation;
  private long foreign;

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
    super(distributions);
    this.recovery = recovery;
    this.observation = observation;
  }

  /** How many distributions so far the language model at its precision cannot have made. */
  long foreign() {
    return foreign;
  }

  @Override
  Row map(Row.Vector numbers) {
    try {
      RecoveredState state = recovery.recover(observation.of(numbers.values()));
      foreign += state.isForeign() ? 1 : 0;
      return new Row.Vector(recovery.vector(state), numbers.place(), numbers.metadata());
    } catch (IllegalArgumentException e) {
      return new Row.Malformed(String.valueOf(e.getMessage()), numbers.place());
    }
  }
}
