package io.vec2text.cli;

import io.vec2text.Inverter;
import io.vec2text.eval.EvalOptions;
import io.vec2text.eval.EvalRunner;
import io.vec2text.eval.EvaluationSet;
import io.vec2text.eval.Reports;
import io.vec2text.eval.Storage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
  /** Exit status of a run that was stopped. */
  static final int INTERRUPTED = 130;

  private final Context context;

  @Mixin private ModelOptions model;
  @Mixin private SearchOptions searching;

  @Option(names = "--demo", description = "Only invert eight of the sentences and print them.")
  private boolean demo;

  @Option(
      names = "--split",
      paramLabel = "<split>",
      defaultValue = "dev",
      description = "dev or test. Default: ${DEFAULT-VALUE}.")
  private String split;

  @Option(names = "--texts", paramLabel = "<file>", description = "Your own texts, one a line.")
  private @Nullable Path texts;

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
      names = "--limit",
      paramLabel = "<n>",
      defaultValue = "500",
      description = "Texts of a bucket at most; 0 leaves them out. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--beside",
      paramLabel = "<search>",
      split = ",",
      description =
          "Beside it, other searches with the same models, for example greedy:50, compared pair by"
              + " pair.")
  private List<String> beside = List.of();

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

  @Option(names = "--floors", description = "Beside it, a random other sentence.")
  private boolean floors;

  @Option(
      names = "--corpus",
      paramLabel = "<file>",
      description = "Beside it, the nearest neighbour among these texts, one a line.")
  private @Nullable Path corpus;

  @Option(
      names = "--cache",
      paramLabel = "<dir>",
      description = "Where the corpus's vectors are kept. Default: beside it.")
  private @Nullable Path cache;

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
      paramLabel = "<format>",
      defaultValue = "float32",
      description =
          "How a store keeps the vectors: float32, float16, bfloat16 or int8. Default:"
              + " ${DEFAULT-VALUE}.")
  private Storage storage;

  @Option(
      names = "--json",
      paramLabel = "<file>",
      description = "Write the figures, and more of them, as JSON.")
  private @Nullable Path json;

  EvalCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    check();
    EngineSettings settings = model.settings(searching.search());
    EvalOptions options = options(settings);
    try (Engines.Engine engine = context.engines().openInverter(settings)) {
      PrintStream out = new PrintStream(context.out(), false, StandardCharsets.UTF_8);
      EvalRunner runner =
          new EvalRunner(
              engine.inverter(), engine.embedder(), out, new EvalProgress(context.terminal()));
      EvalRunner.Results results =
          demo ? runner.demo(options) : runner.run(options, beside(engine));
      if (profile) {
        out.println();
        out.print(Reports.markdown(engine.statistics()));
      }
      if (out.checkError()) {
        throw new IOException("standard output can't be written");
      }
      if (!results.complete()) {
        return INTERRUPTED;
      }
      return results.errors() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  private Map<String, Inverter> beside(Engines.Engine engine) {
    Map<String, Inverter> inverters = new LinkedHashMap<>();
    for (String search : beside) {
      inverters.put(search, engine.inverter(search));
    }
    return inverters;
  }

  /** Finds out before the models are loaded, and not after hours, what can't work. */
  private void check() throws IOException {
    searching.require(
        split.equals("dev") || split.equals("test"),
        "--split must be dev or test, was \"" + split + "\"");
    if (bucket != null && texts == null && cut == 0) {
      List<String> buckets = EvaluationSet.shipped(split).buckets();
      searching.require(
          buckets.contains(bucket),
          "--bucket must be one of " + String.join(", ", buckets) + ", was \"" + bucket + "\"");
    }
    searching.require(cut >= 0, "--cut must be at least 0, was " + cut);
    searching.require(
        cut == 0 || texts != null || split.equals("dev"),
        "--cut without --texts needs --split dev");
    searching.require(limit >= 0, "--limit must be at least 0, was " + limit);
    searching.check();
    beside.forEach(search -> searching.check("--beside", search));
    searching.require(examples >= 0, "--examples must be at least 0, was " + examples);
    searching.require(neighbours >= 0, "--neighbours must be at least 0, was " + neighbours);
    searching.require(passages >= 0, "--passages must be at least 0, was " + passages);
    searching.require(
        demo || limit > 0 || passages > 0 || neighbours > 0,
        "--limit 0 leaves nothing to do without --passages or --neighbours");
    for (@Nullable Path file : new @Nullable Path[] {texts, corpus}) {
      if (file != null && !Files.exists(file)) {
        throw new NoSuchFileException(file.toString());
      }
    }
    if (json != null) {
      Outputs.check(json);
    }
  }

  private EvalOptions options(EngineSettings settings) {
    EvalOptions.Builder builder =
        EvalOptions.builder()
            .split(split)
            .cut(cut)
            .limit(limit)
            .inversion(searching.inversion(context.cancellation()).build())
            .storage(storage)
            .curve(curve)
            .neighbours(neighbours)
            .search(searching.search())
            .floors(floors)
            .examples(examples)
            .passages(passages);
    settings.threads().ifPresent(builder::threads);
    if (texts != null) {
      builder.texts(texts);
    }
    if (bucket != null) {
      builder.bucket(bucket);
    }
    if (corpus != null) {
      builder.corpus(corpus);
    }
    if (cache != null) {
      builder.cache(cache);
    }
    if (json != null) {
      builder.json(json);
    }
    return builder.build();
  }
}
