package io.vec2text.cli;

import com.google.common.collect.ImmutableMap;
import io.vec2text.Cancellation;
import io.vec2text.InversionOptions;
import io.vec2text.eval.internal.setup.ExperimentOptions;
import io.vec2text.search.Search;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that inverts: how, at what cost, with which seed. */
final class SearchOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--search",
      paramLabel = "<search>",
      defaultValue = EngineSettings.DEFAULT_SEARCH,
      description =
          "The search strategy: pool, pool-SOURCE (without corrections, edits, orders or"
              + " predictions), greedy:STEPS, beam:STEPSxWIDTH, or published:STEPSxWIDTH, which"
              + " keeps the defects of the published algorithm. Default: ${DEFAULT-VALUE}.")
  private String search;

  @Option(
      names = "--max-embeddings",
      paramLabel = "<n>",
      description = "Guesses that may be embedded for one vector. Default: ${DEFAULT-VALUE}.")
  private int maxEmbeddings = InversionOptions.defaults().maxEmbeddings();

  @Option(
      names = "--max-seconds",
      paramLabel = "<s>",
      description = "Work that may go into one vector, for example 0.5. Default: no limit.")
  private @Nullable Double maxSeconds;

  @Option(
      names = "--noise",
      paramLabel = "<x>",
      description =
          "How far vectors are from the embedder's own, as a share of their length. Default: told"
              + " from the vectors, if they were rounded.")
  private @Nullable Double noise;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "Seed of all random choices. Default: ${DEFAULT-VALUE}.")
  private long seed;

  /** Checks the ranges. */
  void check() {
    check("--search", search);
    require(maxEmbeddings > 0, "--max-embeddings must be at least 1, was " + maxEmbeddings);
    require(
        maxSeconds == null || (maxSeconds >= 1e-9 && Double.isFinite(maxSeconds)),
        "--max-seconds must be above 0, was " + maxSeconds);
    require(noise == null || (noise >= 0 && noise < 1), "--noise must be in [0, 1), was " + noise);
  }

  /** Checks that an option names a search. */
  void check(String option, String search) {
    try {
      Search.parse(search);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
    }
  }

  /** Refuses the command line unless a condition holds. */
  void require(boolean condition, String message) {
    Problems.require(spec, condition, message);
  }

  /** What to throw where the value of an option is refused by what it is for. */
  ParameterException refused(IllegalArgumentException e) {
    return new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
  }

  String search() {
    return search;
  }

  int maxEmbeddings() {
    return maxEmbeddings;
  }

  Optional<Duration> timeLimit() {
    return Optional.ofNullable(maxSeconds).map(s -> Duration.ofNanos(Math.round(s * 1e9)));
  }

  Optional<Double> noise() {
    return Optional.ofNullable(noise);
  }

  long seed() {
    return seed;
  }

  /** The options of an inversion. */
  InversionOptions.Builder inversion(Cancellation cancellation) {
    InversionOptions.Builder options =
        InversionOptions.builder()
            .maxEmbeddings(maxEmbeddings)
            .seed(seed)
            .cancellation(cancellation);
    timeLimit().ifPresent(options::timeLimit);
    noise().ifPresent(options::noise);
    return options;
  }

  /** Hands over what was chosen to the options of an experiment. */
  void apply(
      ExperimentOptions.Builder<?> builder,
      EngineSettings settings,
      Map<String, String> versions,
      Cancellation cancellation) {
    builder.search(search).inversion(inversion(cancellation).build()).versions(versions);
    settings.threads().ifPresent(builder::threads);
  }

  /** What was chosen, as what results depend on. */
  Map<String, String> choices() {
    return ImmutableMap.of(
        "search", search(),
        "seed", String.valueOf(seed),
        "maxEmbeddings", String.valueOf(maxEmbeddings),
        "maxSeconds", timeLimit().map(d -> String.valueOf(d.toNanos() / 1e9)).orElse("none"),
        "noise", noise().map(String::valueOf).orElse("none"));
  }
}
