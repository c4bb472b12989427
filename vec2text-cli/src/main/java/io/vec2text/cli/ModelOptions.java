package io.vec2text.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every command that opens a model. */
final class ModelOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "<id|dir>",
      defaultValue = EngineSettings.DEFAULT_MODEL,
      description = "Model id or package directory. Default: ${DEFAULT-VALUE}.")
  private String model;

  @Option(
      names = "--variant",
      paramLabel = "<variant>",
      description =
          "Variant of the model that makes the vectors: fp32, or int8 for all-minilm-l6-v2-q; auto,"
              + " for invert, detects it from the first vectors. Default: that of the package.")
  private @Nullable String variant;

  @Option(
      names = "--device",
      paramLabel = "<device>",
      defaultValue = "auto",
      description =
          "auto, cpu, cuda or cuda:N; auto takes CUDA where it works. Default: ${DEFAULT-VALUE}.")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "<n>",
      description = "Processor threads. Default: one a core.")
  private @Nullable Integer threads;

  @Option(
      names = "--verify-once",
      description =
          "Trust the files of a package in a directory once they were verified, as long as their"
              + " paths, sizes and times stay the same. Default: verify them each time.")
  private boolean verifyOnce;

  @Option(
      names = "--lm",
      paramLabel = "<dir>",
      description =
          "Package of a language model, whose prompts are to be found, in place of an embedder;"
              + " --model then names its space.")
  private @Nullable Path languageModel;

  @Mixin private EndpointOptions endpoint;

  /** The settings, for a given search. */
  EngineSettings settings(String search) {
    Problems.require(
        spec, threads == null || threads > 0, "--threads must be at least 1, was " + threads);
    Problems.require(
        spec,
        languageModel == null || endpoint.settings().isEmpty(),
        "--lm and --endpoint are mutually exclusive");
    OptionalInt n = threads == null ? OptionalInt.empty() : OptionalInt.of(threads);
    return new EngineSettings(
        model,
        Optional.ofNullable(variant),
        verifyOnce,
        device,
        n,
        search,
        endpoint.settings(),
        Optional.ofNullable(languageModel));
  }

  /** Adds the files of the model, where it is in a directory. */
  @CanIgnoreReturnValue
  Inputs addTo(Inputs inputs) throws IOException {
    return languageModel == null
        ? inputs.model(Path.of(model))
        : inputs.model(Path.of(model)).model(languageModel);
  }

  /** Whether it is a language model whose prompts are to be found. */
  boolean ofLanguageModel() {
    return languageModel != null;
  }

  /** The model as the user named it. */
  String model() {
    return model;
  }

  /** The variant as the user named it. */
  Optional<String> variant() {
    return Optional.ofNullable(variant);
  }
}
