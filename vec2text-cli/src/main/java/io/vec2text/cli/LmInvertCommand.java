package io.vec2text.cli;

import io.vec2text.EmbeddingSpace;
import io.vec2text.lm.LanguageModelPackage;
import io.vec2text.lm.StateRecovery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
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
  @Mixin private AnsweringOptions answering;
  @Mixin private ResultFileOptions file;

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

  LmInvertCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    distributions.check(false);
    searching.check();
    answering.check();
    searching.require(
        answering.decimals().isEmpty() || values != Values.LOGITS,
        "--decimals is of probabilities or log-probabilities");
    file.check(distributions);
    EngineSettings settings = model.settings(searching.search());
    Path files =
        settings
            .languageModel()
            .orElseThrow(() -> new CliException("expected --lm=<dir>, the language model"));
    Inputs inputs = model.addTo(new Inputs());
    distributions.addTo(inputs);
    try (Outputs outputs = new Outputs(inputs)) {
      file.claim(outputs);
      LanguageModelPackage language = LanguageModelPackage.open(files);
      try (RecoveringReader reader = open(language)) {
        ResultLines lines = ResultLines.of(file.form(), new ResultLines.Detail(0, false));
        InvertJob job =
            new InvertJob(
                context,
                spec.commandLine().getErr(),
                () -> searching.inversion(context.cancellation()),
                lines,
                List.of(),
                false);
        int status =
            file.run(
                job, settings, distributions, reader, outputs, () -> fingerprint(language, lines));
        if (reader.foreign() > 0) {
          spec.commandLine()
              .getErr()
              .printf(
                  Locale.ROOT,
                  "vec2text: not made by %s at this precision: %d of the distributions (another"
                      + " model or precision, or rounded more than --decimals says); nothing that"
                      + " is found for them can be exact%n",
                  language.modelId(),
                  reader.foreign());
        }
        return status;
      }
    }
  }

  private RecoveringReader open(LanguageModelPackage language) throws IOException {
    EmbeddingSpace shape = EmbeddingSpace.of(language.modelId(), language.vocabulary());
    return new RecoveringReader(
        distributions.open(context, Optional.of(shape)),
        new StateRecovery(language),
        new RecoveringReader.Observation(
            values, partial, answering.decimals(), answering.temperature()));
  }

  private Fingerprint fingerprint(LanguageModelPackage language, ResultLines lines)
      throws IOException {
    return distributions
        .fingerprint()
        .with("version", new Main.Version().number())
        .with("values", values.name().toLowerCase(Locale.ROOT))
        .with("partial", partial)
        .with("decimals", answering.decimals().map(String::valueOf).orElse("none"))
        .with("temperature", answering.temperature().map(String::valueOf).orElse("none"))
        .with("languageModel", language.sha256())
        .with(searching.choices())
        .with("output", lines);
  }
}
