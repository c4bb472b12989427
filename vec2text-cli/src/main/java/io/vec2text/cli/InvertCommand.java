package io.vec2text.cli;

import io.vec2text.InversionOptions;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vec2text invert}: vectors to texts. */
@Command(
    name = "invert",
    description = "Recovers texts from their vectors.",
    footer = {
      "",
      "Writes one JSON object a vector, in the order of the input:",
      "  {\"index\":0,\"line\":1,\"id\":\"…\",\"text\":\"…\",\"cosine\":0.998712345,",
      "   \"verdict\":\"close\",\"embedderCalls\":980,\"decodes\":64,\"millis\":2130,",
      "   \"stop\":\"budget\"}",
      "  verdict: exact, close, topical or failed",
      "  stop: exact, budget, deadline, stalled, cancelled or not_searched",
      "\"line\" and \"id\" are there where the input has them. \"norm\" is added for a vector that"
          + " is not of unit length; \"evidence\" for what a vector shows besides its text;"
          + " \"exceedsSupportedLength\", \"estimatedTokens\" and \"words\" for a text that is too"
          + " long to be recovered. A vector that can't be inverted has"
          + " {\"index\":0,\"error\":\"…\"}."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class InvertCommand implements Callable<Integer> {
  private final Context context;

  @Spec private CommandSpec spec;
  @Mixin private VectorOptions vectors;
  @Mixin private ModelOptions model;
  @Mixin private SearchOptions searching;
  @Mixin private ResultFileOptions file;

  @Option(
      names = "--text",
      paramLabel = "<text>",
      description =
          "A text to embed and to recover from its vector alone, on standard output, in place of a"
              + " file; can be repeated.")
  private List<String> texts = List.of();

  @Option(
      names = "--search-anyway",
      description = "Search also for vectors that seem to be another model's.")
  private boolean searchAnyway;

  @Option(
      names = "--output-format",
      paramLabel = "<form>",
      description = "jsonl, csv or text. Default: what the output's ending says, else jsonl.")
  private @Nullable ResultForm form;

  @Option(
      names = "--words",
      paramLabel = "<n>",
      description =
          "Add the n most probable words for every vector. Default: "
              + ResultLines.DEFAULT_WORDS
              + ", and only for texts that are too long to be recovered.")
  private @Nullable Integer words;

  @Option(
      names = "--confidence",
      description = "Add the probability that it is right for each word of the text.")
  private boolean confidence;

  @Option(
      names = "--fail-if",
      paramLabel = "<condition>",
      converter = FailCondition.Parser.class,
      description =
          "End with status "
              + FailCondition.STATUS
              + " if this holds of the results: "
              + FailCondition.FORMS
              + ". Can be repeated: one is enough.")
  private List<FailCondition> failIf = List.of();

  @Option(
      names = "--progress",
      description = "Report progress on standard error also where that is no terminal.")
  private boolean progress;

  InvertCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    check();
    EngineSettings settings = model.settings(searching.search());
    if (!texts.isEmpty()) {
      return job(lines()).invertTexts(settings, texts);
    }
    Inputs inputs = model.addTo(new Inputs());
    vectors.addTo(inputs);
    try (Outputs outputs = new Outputs(inputs);
        VectorReader reader = vectors.open(context, context.engines().space(settings))) {
      file.claim(outputs);
      ResultLines lines = lines();
      return file.run(job(lines), settings, vectors, reader, outputs, () -> fingerprint(lines));
    }
  }

  private InvertJob job(ResultLines lines) {
    return new InvertJob(
        context, spec.commandLine().getErr(), this::inversion, lines, failIf, progress);
  }

  private ResultLines lines() {
    return ResultLines.of(
        form == null ? file.form() : form,
        new ResultLines.Detail(words == null ? 0 : words, confidence));
  }

  private void check() throws IOException {
    vectors.check(!texts.isEmpty());
    searching.require(texts.isEmpty() || !file.given(), "--text writes to standard output only");
    file.check(vectors);
    searching.check();
    searching.require(
        texts.isEmpty() || !model.variant().equals(Optional.of(VariantChoice.TELL)),
        "--variant auto needs a file of vectors");
    searching.require(words == null || words > 0, "--words must be at least 1, was " + words);
  }

  private InversionOptions.Builder inversion() {
    InversionOptions.Builder options = searching.inversion(context.cancellation());
    vectors.truncated().ifPresent(options::truncated);
    return options.searchAnyway(searchAnyway);
  }

  /** What results depend on, but for the models. */
  private Fingerprint fingerprint(ResultLines lines) throws IOException {
    return vectors
        .fingerprint()
        .with("version", new Main.Version().number())
        .with("variant", model.variant().orElse("none"))
        .with(searching.choices())
        .with("searchAnyway", searchAnyway)
        .with("output", lines);
  }
}
