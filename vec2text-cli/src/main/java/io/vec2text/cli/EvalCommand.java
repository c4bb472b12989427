package io.vec2text.cli;

import io.vec2text.Embedder;
import io.vec2text.Inverter;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.Storage;
import io.vec2text.eval.internal.report.Disclosure;
import io.vec2text.eval.internal.report.Markdown;
import io.vec2text.eval.internal.runner.EvalOptions;
import io.vec2text.eval.internal.runner.EvalRunner;
import io.vec2text.eval.internal.runner.StatisticsReport;
import io.vec2text.lm.ObservedPrompts;
import io.vec2text.lm.ShownPart;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vec2text eval}: measures an inverter on texts that it was not trained on. */
@Command(
    name = "eval",
    description = "Measures how much of held-out texts is recovered from their vectors.",
    footer = {
      "",
      "Without --texts, the shipped Wikipedia sentences are used: tune on dev, report on test.",
      "Exact match and token F1 are counted in the embedder's normal form."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class EvalCommand implements Callable<Integer> {
  private final Context context;

  @Spec private CommandSpec spec;

  @Mixin private ModelOptions model;
  @Mixin private SearchOptions searching;
  @Mixin private TextsOptions texts;
  @Mixin private ReportOptions reports;

  @Option(
      names = "--rerun",
      paramLabel = "<file>",
      description =
          "Run the command that made this JSON report once more, and compare the figures. Other"
              + " options are those of the report.")
  private @Nullable Path rerun;

  @Option(names = "--demo", description = "Only invert eight of the sentences and print them.")
  private boolean demo;

  @Option(
      names = "--cut",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "Instead of sentences, passages (shipped, or --texts) cut to exactly n tokens.")
  private int cut;

  @Option(
      names = "--bucket",
      paramLabel = "<bucket>",
      description = "Only one length bucket, for example 9-16.")
  private @Nullable String bucket;

  @Option(
      names = "--compare-with",
      paramLabel = "<search>",
      split = ",",
      description =
          "Also evaluate other searches with the same models, for example greedy:50, compared pair"
              + " by pair.")
  private List<String> compared = List.of();

  @Option(
      names = "--curve",
      description = "Also show what 64, 256, 1,000 and 4,000 embeddings buy.")
  private boolean curve;

  @Option(
      names = "--profile",
      description = "Also show where the time went and which sources of candidates paid off.")
  private boolean profile;

  @Option(
      names = "--neighbours",
      paramLabel = "<n>",
      defaultValue = "0",
      description =
          "Also check, for n texts of a bucket, that no close wrong text counts as exact.")
  private int neighbours;

  @Option(names = "--floors", description = "Also evaluate a random other sentence, as a floor.")
  private boolean floors;

  @Option(
      names = "--examples",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "Print n targets and what was recovered of each bucket.")
  private int examples;

  @Option(
      names = "--passages",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "Also check n passages of 64, 128 and 254 tokens each, which are out of range.")
  private int passages;

  @Option(
      names = "--storage",
      paramLabel = "<form>",
      defaultValue = "float32",
      converter = StorageParser.class,
      description =
          "How a store keeps the vectors: " + Storage.FORMS + ". Default: ${DEFAULT-VALUE}.")
  private Storage storage;

  @Option(
      names = "--embedder",
      paramLabel = "<id|dir>",
      description =
          "Embed the texts by the embedder of this package: for a model whose own has none.")
  private @Nullable String embedder;

  @Option(
      names = "--shown",
      paramLabel = "<part>",
      converter = ShownPartParser.class,
      description =
          "With --lm: what its server shows of a distribution, "
              + ShownPart.FORMS
              + ". Default: all of it.")
  private @Nullable ShownPart shown;

  EvalCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    if (rerun != null) {
      searching.require(
          spec.commandLine().getParseResult().matchedOptionsSet().size() == 1,
          "--rerun takes no other options: they are those of the report");
      return new Rerun(context).run(rerun, spec.commandLine().getErr());
    }
    check();
    EngineSettings settings = model.settings(searching.search());
    try (Outputs outputs = reports.claim(texts.addTo(model.addTo(new Inputs())));
        Engines.Engine engine = context.engines().openInverter(settings);
        Embedder other = texts(settings, engine)) {
      EvalOptions options = options(settings, engine.versions());
      PrintStream out = new PrintStream(context.out(), false, StandardCharsets.UTF_8);
      EvalRunner runner =
          new EvalRunner(
              engine.inverter(),
              other == null ? engine.embedder() : other,
              out,
              new EvalProgress(context.terminal().error()));
      EvalRunner.Results results =
          demo ? runner.demo(options) : runner.run(options, compared(engine));
      if (profile) {
        out.println();
        out.print(Markdown.of(StatisticsReport.blocks(engine.statistics()), Disclosure.REDACTED));
      }
      reports.write(results.report(), outputs);
      if (out.checkError()) {
        throw new IOException("standard output can't be written");
      }
      return ExitStatus.of(results.complete(), results.errors());
    }
  }

  /** What embeds the texts, unless it is the inverter's own embedder. */
  private @Nullable Embedder texts(EngineSettings settings, Engines.Engine engine) {
    if (shown != null) {
      return new ObservedPrompts(engine.languageModel().orElseThrow(), shown);
    }
    return embedder == null ? null : opened(settings.withModel(embedder), engine);
  }

  private Embedder opened(EngineSettings settings, Engines.Engine engine) {
    Embedder opened = context.engines().openEmbedder(settings);
    String found = opened.space().modelId();
    String expected = engine.inverter().space().modelId();
    if (!found.equals(expected)) {
      opened.close();
      throw new CliException("--embedder gives vectors of " + found + ", expected " + expected);
    }
    return opened;
  }

  private Map<String, Inverter> compared(Engines.Engine engine) {
    Map<String, Inverter> inverters = new LinkedHashMap<>();
    for (String search : compared) {
      inverters.put(search, engine.inverter(search));
    }
    return inverters;
  }

  /** Finds out before the models are loaded, and not after hours, what can't work. */
  private void check() throws IOException {
    texts.check();
    if (bucket != null && texts.shipped().isPresent() && cut == 0) {
      List<String> buckets = EvaluationSet.shipped(texts.shipped().get()).buckets();
      searching.require(
          buckets.contains(bucket),
          "--bucket must be one of " + String.join(", ", buckets) + ", was \"" + bucket + "\"");
    }
    searching.require(shown == null || model.ofLanguageModel(), "--shown needs --lm");
    searching.require(
        shown == null || embedder == null, "--shown and --embedder are mutually exclusive");
    searching.require(cut >= 0, "--cut must be at least 0, was " + cut);
    searching.check();
    compared.forEach(search -> searching.check("--compare-with", search));
    searching.require(examples >= 0, "--examples must be at least 0, was " + examples);
    searching.require(neighbours >= 0, "--neighbours must be at least 0, was " + neighbours);
    searching.require(passages >= 0, "--passages must be at least 0, was " + passages);
    searching.require(
        demo || !texts.none() || passages > 0 || neighbours > 0,
        "--limit 0 leaves nothing to do without --passages or --neighbours");
  }

  private EvalOptions options(EngineSettings settings, Map<String, String> versions) {
    EvalOptions.Builder builder =
        EvalOptions.builder()
            .cut(cut)
            .storage(storage)
            .curve(curve)
            .neighbours(neighbours)
            .floors(floors)
            .examples(examples)
            .passages(passages);
    if (bucket != null) {
      builder.bucket(bucket);
    }
    texts.apply(builder);
    searching.apply(builder, settings, versions, context.cancellation());
    reports.apply(builder);
    return builder.build();
  }

  /** Reads how vectors are stored. */
  static final class StorageParser implements CommandLine.ITypeConverter<Storage> {
    @Override
    public Storage convert(String name) {
      try {
        return Storage.parse(name);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.TypeConversionException(e.getMessage());
      }
    }
  }

  /** Reads what is shown of a distribution. */
  static final class ShownPartParser implements CommandLine.ITypeConverter<ShownPart> {
    @Override
    public ShownPart convert(String part) {
      try {
        return ShownPart.parse(part);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.TypeConversionException(e.getMessage());
      }
    }
  }
}
