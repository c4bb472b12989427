package io.vec2text.cli;

import static java.util.Objects.requireNonNull;

import io.vec2text.eval.internal.experiments.AskedSystem;
import io.vec2text.eval.internal.experiments.SystemsTable;
import io.vec2text.eval.internal.experiments.TableEvaluation;
import io.vec2text.eval.internal.experiments.TableOptions;
import io.vec2text.eval.internal.experiments.TableReports;
import io.vec2text.lm.CausalModel;
import io.vec2text.lm.FewShotGuess;
import io.vec2text.lm.PromptRequests;
import io.vec2text.lm.SampleInverter;
import io.vec2text.lm.server.ModelServer;
import io.vec2text.lm.server.ServerOptions;
import io.vec2text.lm.server.ServerStyle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vec2text eval table}: the systems of the published table, and more, side by side. */
@Command(
    name = "table",
    description = "Measures the systems of the published table, and more, on the same texts.",
    footer = {
      "",
      "Settings: passages cut to 32 tokens, and whole sentences by length. --max-embeddings is for",
      "the pool search; the published searches spend what they need, which is 3,145 embeddings a",
      "vector for 50 steps of width 8. With --resume, a run that was killed goes on. With --lm the",
      "systems are those of the published table of hidden prompts, in place of Wikipedia --texts",
      "are prompts, and --steps 2 --width 2 spares hours."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class TableCommand implements Callable<Integer> {
  /** Tokens of a language model's answer at most. */
  private static final int ANSWER_TOKENS = 40;

  /** The same of each of many. */
  private static final int SAMPLE_TOKENS = 16;

  private static final String FIRST_GUESS = "greedy:0";

  private final Context context;

  @Mixin private ModelOptions model;
  @Mixin private SearchOptions searching;
  @Mixin private TextsOptions texts;
  @Mixin private ReportOptions reports;

  @Option(
      names = "--bucket",
      paramLabel = "<bucket>",
      description = "Only one setting, 32 (passages cut to as many tokens), 4-8, 9-16 or 17-32.")
  private @Nullable String bucket;

  @Option(
      names = "--steps",
      paramLabel = "<n>",
      defaultValue = "50",
      description = "Corrections of the rows with many. Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(
      names = "--width",
      paramLabel = "<n>",
      defaultValue = "8",
      description = "Hypotheses of sequence beam search. Default: ${DEFAULT-VALUE}.")
  private int width;

  @Option(
      names = "--prefix-decoder",
      paramLabel = "<dir>",
      description = "Package of a decoder conditioned by one prefix vector, to fill its row.")
  private @Nullable Path prefixDecoder;

  @Option(
      names = "--samples",
      paramLabel = "<n>",
      defaultValue = "16",
      description =
          "With --lm: answers drawn for each prompt by the row of a sample inverter; the published"
              + " has 64. Default: ${DEFAULT-VALUE}.")
  private int samples;

  @Option(
      names = "--guesser",
      paramLabel = "<url>",
      description =
          "With --lm: OpenAI-compatible chat server of a large model that makes the few-shot"
              + " guesses. Default: the language model itself.")
  private @Nullable String guesser;

  @Option(
      names = "--guesser-model",
      paramLabel = "<name>",
      description = "The large model's name there. Default: the only one that it lists.")
  private @Nullable String guesserModel;

  @Option(
      names = "--guesser-key",
      paramLabel = "<VARIABLE>",
      description = "Environment variable that holds the key. Default: no key.")
  private @Nullable String guesserKey;

  @Option(
      names = "--guesser-calls",
      paramLabel = "<n>",
      defaultValue = "1000",
      description =
          "Requests to that server at most, one a prompt and those repeated. Default:"
              + " ${DEFAULT-VALUE}.")
  private long guesserCalls;

  TableCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    check();
    EngineSettings settings = model.settings(searching.search());
    Path prefixFolder = prefixDecoder;
    Inputs inputs = texts.addTo(model.addTo(new Inputs()));
    if (prefixFolder != null) {
      inputs.model(prefixFolder);
    }
    try (Outputs outputs = reports.claim(inputs);
        Engines.Engine engine = context.engines().openInverter(settings);
        Engines.Engine general =
            model.ofLanguageModel()
                ? context
                    .engines()
                    .openInverter(settings.ofEmbedder(EngineSettings.DEFAULT_MODEL, FIRST_GUESS))
                : null;
        ModelServer server = guesser == null ? null : guesser(guesser);
        Engines.Engine prefix =
            prefixFolder == null
                ? null
                : context.engines().openInverter(settings.withModel(prefixFolder.toString()))) {
      EvalProgress progress = new EvalProgress(context.terminal().error());
      SystemsTable table =
          engine
              .languageModel()
              .map(
                  asked ->
                      SystemsTable.ofPrompts(
                          engine.embedder(),
                          engine.corrector(),
                          asking(asked, requireNonNull(general), server),
                          progress))
              .orElseGet(
                  () ->
                      new SystemsTable(
                          engine.embedder(),
                          engine.corrector(),
                          Optional.ofNullable(prefix).map(TableCommand::prefixDecoder),
                          progress));
      TableEvaluation evaluation =
          table.run(
              options(settings, engine.versions()),
              soFar -> reports.writeSoFar(TableReports.report(soFar), outputs));
      reports.finish(TableReports.report(evaluation), outputs, context);
      return ExitStatus.of(evaluation.complete(), evaluation.errors());
    }
  }

  private ModelServer guesser(String url) throws IOException {
    ServerOptions options =
        ModelServer.at(url)
            .style(ServerStyle.OPENAI)
            .chat(true)
            .maxCalls(guesserCalls)
            .cancellation(context.cancellation());
    if (guesserModel != null) {
      options.model(guesserModel);
    }
    if (guesserKey != null) {
      options.keyVariable(guesserKey);
    }
    return options.open();
  }

  private List<AskedSystem> asking(
      CausalModel model, Engines.Engine general, @Nullable ModelServer server) {
    PromptRequests requests = new PromptRequests(model, ANSWER_TOKENS);
    FewShotGuess guess =
        new FewShotGuess(model, server == null ? model::answer : server::answer, ANSWER_TOKENS);
    SampleInverter greedy =
        new SampleInverter(model, general.embedder(), general.inverter(), 1, ANSWER_TOKENS);
    SampleInverter drawn =
        new SampleInverter(model, general.embedder(), general.inverter(), samples, SAMPLE_TOKENS);
    String untrained =
        "the first guess from the mean of the answers' embeddings; nothing is trained";
    return List.of(
        new AskedSystem(
            "sample inverter, the likeliest answer",
            1,
            (prompt, way) -> greedy.guess(prompt),
            untrained),
        new AskedSystem(
            "sample inverter, " + samples + " answers drawn",
            1,
            (prompt, way) -> drawn.guess(prompt),
            untrained),
        new AskedSystem(
            "few-shot guess from the likeliest tokens",
            1,
            (prompt, way) -> guess.guess(model.distribution(prompt)),
            server == null
                ? "by the language model itself, in place of a large one"
                : "by the model at " + server.url()),
        new AskedSystem(
            "requests to repeat the prompt",
            requests.size(),
            requests::answer,
            "behind the prompt, in the same message; the first line of the answer"));
  }

  private static SystemsTable.PrefixDecoder prefixDecoder(Engines.Engine engine) {
    String version = requireNonNull(engine.versions().get("models"), "models");
    return new SystemsTable.PrefixDecoder(engine.corrector(), version);
  }

  /** Finds out before the models are loaded, and not after hours, what can't work. */
  private void check() throws IOException {
    texts.check();
    searching.check();
    searching.require(
        searching.search().equals(EngineSettings.DEFAULT_SEARCH),
        "the table chooses the searches, so that --search has no meaning here");
    searching.require(
        prefixDecoder == null || Files.isDirectory(prefixDecoder),
        "--prefix-decoder must be the directory of a package, was " + prefixDecoder);
    searching.require(!texts.none(), "--limit must be at least 1, was 0");
    searching.require(
        prefixDecoder == null || !model.ofLanguageModel(),
        "--prefix-decoder and --lm are mutually exclusive");
    searching.require(guesser == null || model.ofLanguageModel(), "--guesser needs --lm");
    searching.require(samples > 1, "--samples must be at least 2, were " + samples);
    searching.require(guesserCalls > 0, "--guesser-calls must be at least 1, was " + guesserCalls);
    searching.require(steps > 1, "--steps must be at least 2, were " + steps);
    searching.require(width > 1, "--width must be at least 2, was " + width);
  }

  private TableOptions options(EngineSettings settings, Map<String, String> versions) {
    TableOptions.Builder builder = TableOptions.builder().steps(steps).width(width);
    if (bucket != null) {
      builder.bucket(bucket);
    }
    texts.apply(builder);
    searching.apply(builder, settings, versions, context.cancellation());
    reports.apply(builder);
    return builder.build();
  }
}
