package io.vec2text.cli;

import static java.util.Objects.requireNonNull;

import io.vec2text.eval.internal.experiments.SystemsTable;
import io.vec2text.eval.internal.experiments.TableEvaluation;
import io.vec2text.eval.internal.experiments.TableOptions;
import io.vec2text.eval.internal.experiments.TableReports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
      "vector for 50 steps of width 8. With --resume, a run that was killed goes on."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class TableCommand implements Callable<Integer> {
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
        Engines.Engine prefix =
            prefixFolder == null
                ? null
                : context.engines().openInverter(settings.withModel(prefixFolder.toString()))) {
      SystemsTable table =
          new SystemsTable(
              engine.embedder(),
              engine.corrector(),
              Optional.ofNullable(prefix).map(TableCommand::prefixDecoder),
              new EvalProgress(context.terminal().error()));
      TableEvaluation evaluation =
          table.run(
              options(settings, engine.versions()),
              soFar -> reports.writeSoFar(TableReports.report(soFar), outputs));
      reports.finish(TableReports.report(evaluation), outputs, context);
      return ExitStatus.of(evaluation.complete(), evaluation.errors());
    }
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
