package io.vec2text.cli;

import io.vec2text.EmbeddingSpace;
import io.vec2text.lm.LanguageModelPackage;
import io.vec2text.lm.StateRecovery;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vec2text lm invert}: distributions to prompts. */
@Command(
    name = "invert",
    description = {
      "Recovers prompts from next-token distributions: the state of the model behind each, then",
      "the prompt behind the state, with the model itself to compare guesses by."
    },
    footer = {"", "Writes what vec2text invert writes, one JSON object a distribution."},
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class LmInvertCommand implements Callable<Integer> {
  private final Context context;

  @Spec private CommandSpec spec;
  @Mixin private VectorOptions distributions;
  @Mixin private ModelOptions model;
  @Mixin private SearchOptions searching;

  /** What the numbers of a distribution are. */
  enum Values {
    /** Natural logarithms of probabilities. */
    LOG_PROBABILITIES,
    /** Scores before the softmax. */
    LOGITS,
    /** Probabilities. */
    PROBABILITIES
  }

  @Option(
      names = "--values",
      paramLabel = "<kind>",
      defaultValue = "LOG_PROBABILITIES",
      description =
          "What a distribution's numbers are: log_probabilities (natural), logits or probabilities."
              + " Default: log_probabilities.")
  private Values values;

  @Option(
      names = "--partial",
      description = "Tokens of -inf (of probability 0) were not observed, as beyond the top k.")
  private boolean partial;

  @Option(
      names = "--decimals",
      paramLabel = "<n>",
      description = "Decimals to which the numbers were rounded. Default: none was.")
  private @Nullable Integer decimals;

  @Option(
      names = "--temperature",
      paramLabel = "<t>",
      description = "The temperature at which the model answered. Default: 1.")
  private @Nullable Double temperature;

  @Option(
      names = "--output",
      paramLabel = "<file>",
      description =
          "Where to write, readable by you alone: .jsonl, .csv, or .txt for people. Default:"
              + " standard output.")
  private @Nullable Path output;

  @Option(
      names = "--resume",
      description = "Continue --output where a run that was stopped or killed left it.")
  private boolean resume;

  @Option(names = "--force", description = "Replace the output if it exists.")
  private boolean force;

  LmInvertCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    distributions.check(false);
    searching.check();
    searching.require(
        temperature == null || (temperature > 0 && Double.isFinite(temperature)),
        "--temperature must be above 0, was " + temperature);
    searching.require(
        decimals == null || (decimals >= 0 && decimals <= 12),
        "--decimals must be from 0 to 12, was " + decimals);
    searching.require(
        decimals == null || values != Values.LOGITS,
        "--decimals is of probabilities or log-probabilities");
    searching.require(output != null || !(resume || force), "--resume and --force need --output");
    searching.require(!(resume && force), "--resume and --force exclude each other");
    Optional<String> problem = resume ? distributions.whyNotResumable() : Optional.empty();
    searching.require(problem.isEmpty(), "--resume " + problem.orElse(""));
    EngineSettings settings = model.settings(searching.search());
    Path files =
        settings
            .languageModel()
            .orElseThrow(() -> new CliException("expected --lm=<dir>, the language model"));
    Inputs inputs = model.addTo(new Inputs());
    distributions.addTo(inputs);
    try (Outputs outputs = new Outputs(inputs)) {
      if (output != null) {
        outputs.claim(output, resume || force, "--resume continues it, --force replaces it");
      }
      LanguageModelPackage language = LanguageModelPackage.open(files);
      try (VectorReader reader = open(language)) {
        ResultLines lines =
            ResultLines.of(
                output == null ? ResultForm.JSONL : ResultForm.of(output),
                new ResultLines.Detail(0, false));
        InvertJob job =
            new InvertJob(
                context,
                spec.commandLine().getErr(),
                () -> searching.inversion(context.cancellation()),
                lines,
                List.of(),
                false);
        return output == null
            ? job.toStandardOutput(settings, distributions, reader)
            : job.toFile(
                settings,
                distributions,
                reader,
                output,
                outputs,
                resume,
                () -> fingerprint(language, lines));
      }
    }
  }

  private VectorReader open(LanguageModelPackage language) throws IOException {
    EmbeddingSpace shape = EmbeddingSpace.of(language.modelId(), language.vocabulary());
    return new RecoveringReader(
        distributions.open(context, Optional.of(shape)),
        new StateRecovery(language),
        new RecoveringReader.Observation(
            values, partial, Optional.ofNullable(decimals), Optional.ofNullable(temperature)));
  }

  private Fingerprint fingerprint(LanguageModelPackage language, ResultLines lines)
      throws IOException {
    return distributions
        .fingerprint()
        .with("version", new Main.Version().number())
        .with("values", values.name().toLowerCase(Locale.ROOT))
        .with("partial", partial)
        .with("decimals", decimals == null ? "none" : decimals)
        .with("temperature", temperature == null ? "none" : temperature)
        .with("languageModel", language.sha256())
        .with("search", searching.search())
        .with("seed", searching.seed())
        .with("maxEmbeddings", searching.maxEmbeddings())
        .with("output", lines);
  }
}
