package io.vec2text.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say how a language model answers. */
final class AnsweringOptions {
  private static final int MAX_DECIMALS = 12;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--decimals",
      paramLabel = "<n>",
      description = "Decimals to which its numbers are rounded. Default: no rounding.")
  private @Nullable Integer decimals;

  @Option(
      names = "--temperature",
      paramLabel = "<t>",
      description = "The temperature at which it answers. Default: 1.")
  private @Nullable Double temperature;

  void check() {
    Problems.require(
        spec,
        temperature == null || (temperature > 0 && Double.isFinite(temperature)),
        "--temperature must be above 0, was " + temperature);
    Problems.require(
        spec,
        decimals == null || (decimals >= 0 && decimals <= MAX_DECIMALS),
        "--decimals must be from 0 to " + MAX_DECIMALS + ", was " + decimals);
  }

  Optional<Integer> decimals() {
    return Optional.ofNullable(decimals);
  }

  Optional<Double> temperature() {
    return Optional.ofNullable(temperature);
  }
}
