package io.vec2text.cli;

import io.vec2text.InversionOptions;
import io.vec2text.eval.EvalListener;
import io.vec2text.eval.EvalOptions;
import io.vec2text.eval.EvalRunner;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
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
  private static final int INTERRUPTED = 130;

  private final Context context;

  @Mixin private ModelOptions model;

  @Option(
      names = "--demo",
      description = "Only invert eight sentences of the dev split and print them.")
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
      names = "--search",
      paramLabel = "<search>",
      defaultValue = EngineSettings.DEFAULT_SEARCH,
      description = {
        "The search strategy: pool, greedy:STEPS, or beam:STEPSxWIDTH.",
        "Default: ${DEFAULT-VALUE}."
      })
  private String search;

  @Option(
      names = "--max-embeddings",
      paramLabel = "<n>",
      description = "Guesses that may be embedded for one vector. Default: ${DEFAULT-VALUE}.")
  private int maxEmbeddings = InversionOptions.defaults().maxEmbeddings();

  @Option(
      names = "--max-seconds",
      paramLabel = "<s>",
      description = "Work that may go into one vector. Default: no limit.")
  private @Nullable Double maxSeconds;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "Seed of the draw and of all random choices. Default: ${DEFAULT-VALUE}.")
  private long seed;

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

  @Option(names = "--json", paramLabel = "<file>", description = "Write the figures as JSON.")
  private @Nullable Path json;

  EvalCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    EvalOptions options = options();
    try (Engines.Engine engine = context.engines().openInverter(model.settings(search))) {
      PrintStream out = new PrintStream(context.out(), false, StandardCharsets.UTF_8);
      EvalRunner runner =
          new EvalRunner(
              engine.inverter(), engine.embedder(), out, new Counter(context.terminal()));
      if (demo) {
        return runner.demo(inversion()).complete() ? CommandLine.ExitCode.OK : INTERRUPTED;
      }
      return runner.run(options).complete() ? CommandLine.ExitCode.OK : INTERRUPTED;
    }
  }

  private InversionOptions inversion() {
    InversionOptions.Builder builder =
        InversionOptions.builder()
            .maxEmbeddings(maxEmbeddings)
            .seed(seed)
            .cancellation(context.cancellation());
    if (maxSeconds != null) {
      builder.maxWork(work(maxSeconds));
    }
    return builder.build();
  }

  private EvalOptions options() {
    EvalOptions.Builder builder =
        EvalOptions.builder()
            .split(split)
            .limit(limit)
            .seed(seed)
            .maxEmbeddings(maxEmbeddings)
            .search(search)
            .floors(floors)
            .examples(examples)
            .passages(passages)
            .cancellation(context.cancellation());
    if (maxSeconds != null) {
      builder.maxWork(work(maxSeconds));
    }
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

  private static Duration work(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  /** Counts on standard error, when that is a terminal. */
  private record Counter(boolean terminal) implements EvalListener {
    @Override
    public void progress(String stage, int done, int total) {
      if (terminal) {
        System.err.printf("\r%s %,d of %,d%s", stage, done, total, done == total ? "\n" : "");
      }
    }
  }
}
