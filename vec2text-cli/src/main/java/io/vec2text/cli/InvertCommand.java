package io.vec2text.cli;

import io.vec2text.EmbeddingSpace;
import io.vec2text.sources.ReadOptions;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorFiles;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
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
      "  {\"index\":0,\"text\":\"…\",\"cosine\":0.998712345,\"verdict\":\"close\",",
      "   \"embedderCalls\":980,\"decodes\":64,\"millis\":2130,\"stop\":\"budget\"}",
      "  verdict: exact, close, topical or failed",
      "  stop: exact, budget, deadline, stalled or cancelled",
      "\"norm\" is added for a vector that is not of unit length; \"beyondRange\","
          + " \"estimatedTokens\" and \"words\" for a text that is too long to be recovered. A"
          + " vector that can't be inverted has {\"index\":0,\"error\":\"…\"}."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class InvertCommand implements Callable<Integer> {
  /** Vectors inverted side by side: what a run holds in memory, and the most that a kill undoes. */
  static final int WINDOW = 64;

  /** The variant that is to be told from the vectors. */
  private static final String TELL = "auto";

  /** Vectors that it is told from. */
  private static final int TOLD_FROM = 8;

  /** What a shell reports for a command that was interrupted. */
  private static final int INTERRUPTED = 130;

  private final Context context;

  @Spec private CommandSpec spec;
  @Mixin private ModelOptions model;
  @Mixin private SearchOptions searching;

  @ArgGroup(multiplicity = "1")
  private Source source;

  @Option(
      names = "--output",
      paramLabel = "<out.jsonl>",
      description = "Where to write, readable by you alone. Default: standard output.")
  private @Nullable Path output;

  @Option(
      names = "--resume",
      description = "Continue an output that was cut short; begin one if there is none.")
  private boolean resume;

  @Option(names = "--force", description = "Replace the output if it exists.")
  private boolean force;

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
      names = "--scale",
      paramLabel = "<x>",
      description = "Multiply every component by x; must be given for arrays of integers.")
  private @Nullable Double scale;

  InvertCommand(Context context) {
    this.context = context;
  }

  /** What to invert. */
  private static final class Source {
    @Option(
        names = "--input",
        required = true,
        paramLabel = "<vectors>",
        description = {
          "A file of vectors, told by its name:",
          ".npy: float16, float32 or float64, little-endian, C order;",
          ".jsonl: arrays of numbers, or objects with one as \"vector\" or \"embedding\";",
          ".csv: numbers, with or without a line of names."
        })
    private @Nullable Path input;

    @Option(
        names = "--text",
        required = true,
        paramLabel = "<text>",
        description =
            "A text to embed and to recover from its vector alone, on standard output; can be"
                + " repeated.")
    private @Nullable List<String> texts;
  }

  @Override
  public Integer call() throws IOException {
    check();
    EngineSettings settings = model.settings(searching.search());
    if (source.input != null) {
      return output == null
          ? toStandardOutput(settings, source.input)
          : toFile(settings, source.input, output);
    }
    return invertTexts(settings, source.texts == null ? List.of() : source.texts);
  }

  private void check() {
    searching.require(
        source.texts == null || output == null, "--text writes to standard output only");
    searching.require(output != null || !(resume || force), "--resume and --force need --output");
    searching.require(!(resume && force), "--resume and --force exclude each other");
    searching.check();
    searching.require(
        source.texts == null || !model.variant().equals(Optional.of(TELL)),
        "--variant auto needs --input");
    searching.require(words == null || words > 0, "--words must be at least 1, was " + words);
    searching.require(
        scale == null || (scale != 0 && Double.isFinite(scale)),
        "--scale must be a number other than 0, was " + scale);
  }

  /** Opens the models for the vectors of a file; it may take searches to tell which. */
  private Engines.Engine open(EngineSettings settings, Path input) throws IOException {
    if (!settings.variant().equals(Optional.of(TELL))) {
      return context.engines().openInverter(settings);
    }
    Engines.Engine own = context.engines().openInverter(settings.withVariant(Optional.empty()));
    Optional<String> other;
    try {
      String variant = own.inverter().space().variant();
      other = tellVariant(own, input).filter(told -> !told.equals(variant));
    } catch (IOException | RuntimeException e) {
      own.close();
      throw e;
    }
    if (other.isEmpty()) {
      return own;
    }
    own.close();
    return context.engines().openInverter(settings.withVariant(other));
  }

  /** Searches for the first vectors with all variants; empty if that tells nothing. */
  private Optional<String> tellVariant(Engines.Engine engine, Path input) throws IOException {
    try (VectorReader reader = VectorFiles.open(input, reading())) {
      Windows windows = new Windows(reader, TOLD_FROM);
      windows.checkDimension(input.toString(), engine.inverter().space());
      List<float[]> vectors = new ArrayList<>();
      for (Row row : windows.next()) {
        if (row instanceof Row.Vector v) {
          vectors.add(v.values());
        }
      }
      Optional<String> variant =
          engine.variantOf(vectors, searching.inversion(context.cancellation()).build());
      spec.commandLine()
          .getErr()
          .println(
              Problems.line(
                  variant
                      .map(v -> "variant " + v + ": a text was found exactly with it")
                      .orElse(
                          "variant not told, the package's own is used: of the first "
                              + vectors.size()
                              + " vectors no text was found exactly")));
      return variant;
    }
  }

  private int invertTexts(EngineSettings settings, List<String> texts) throws IOException {
    try (Engines.Engine engine = context.engines().openInverter(settings)) {
      VectorReader vectors = VectorReader.of(List.of(engine.embedder().embed(texts)));
      return toStandardOutput(engine, new Windows(vectors, WINDOW));
    }
  }

  private int toStandardOutput(EngineSettings settings, Path input) throws IOException {
    try (VectorReader reader = VectorFiles.open(input, reading());
        Engines.Engine engine = open(settings, input)) {
      Windows windows = new Windows(reader, WINDOW);
      windows.checkDimension(input.toString(), engine.inverter().space());
      return toStandardOutput(engine, windows);
    }
  }

  private int toStandardOutput(Engines.Engine engine, Windows windows) throws IOException {
    Tally tally = new Tally();
    // Nothing can be continued here, so what a cancelled search has is worth more than silence.
    run(engine, tally, Progress.none(), true).run(windows, 0, this::print);
    return end(tally, 0, "");
  }

  private void print(byte[] line) throws IOException {
    try {
      context.out().write(line);
      context.out().flush();
    } catch (IOException e) {
      throw new IOException("standard output can't be written: " + e.getMessage(), e);
    }
  }

  private int toFile(EngineSettings settings, Path input, Path file) throws IOException {
    try (VectorReader reader = VectorFiles.open(input, reading());
        Outputs outputs = new Outputs(model.addTo(new Inputs()).file(input))) {
      outputs.claim(file, resume || force, "--resume continues it, --force replaces it");
      OutputFile.checkResumable(file, resume);
      try (Engines.Engine engine = open(settings, input)) {
        EmbeddingSpace space = engine.inverter().space();
        Fingerprint fingerprint = fingerprint(input, space);
        Windows windows = new Windows(reader, WINDOW);
        if (!resume) {
          windows.checkDimension(input.toString(), space);
        }
        Tally tally = new Tally();
        try (OutputFile lines =
            resume
                ? OutputFile.resume(file, fingerprint, outputs)
                : OutputFile.create(file, fingerprint, outputs)) {
          long start = lines.count();
          if (resume && start == 0) {
            windows.checkDimension(input.toString(), space);
          }
          if (windows.skip(start) < start) {
            throw new CliException(file + ": has more lines than " + input + " has vectors");
          }
          try (Progress progress =
              context.terminal() ? Progress.bar(reader.rows(), start) : Progress.none()) {
            run(engine, tally, progress, false).run(windows, start, lines);
          }
          if (!context.cancellation().requested()) {
            lines.complete();
          }
          return end(tally, lines.failed(), start == 0 ? "" : "continued at " + start + ", ");
        }
      }
    }
  }

  private InversionRun run(
      Engines.Engine engine, Tally tally, Progress progress, boolean keepUnfinished) {
    ResultLines lines = new ResultLines(words == null ? 0 : words, confidence);
    return new InversionRun(
        engine.inverter(),
        () -> searching.inversion(context.cancellation()),
        lines,
        context.cancellation(),
        keepUnfinished,
        (index, outcome) -> {
          tally.add(index, outcome);
          progress.step(tally);
        });
  }

  private Fingerprint fingerprint(Path input, EmbeddingSpace space) throws IOException {
    return Fingerprint.of(input)
        .with("space", space)
        .with("model", model.model())
        .with("search", searching.search())
        .with("seed", searching.seed())
        .with("maxEmbeddings", searching.maxEmbeddings())
        .with("maxSeconds", searching.maxWork().<Object>map(d -> d.toNanos() / 1e9).orElse("none"))
        .with("noise", searching.noise().<Object>map(x -> x).orElse("none"))
        .with("words", words == null ? "none" : words)
        .with("confidence", confidence)
        .with("scale", scale == null ? "none" : scale);
  }

  private ReadOptions reading() {
    ReadOptions.Builder options = ReadOptions.builder();
    if (scale != null) {
      options.scale(scale);
    }
    return options.build();
  }

  private int end(Tally tally, long failedBefore, String remark) {
    boolean stopped = context.cancellation().requested();
    String rest = !stopped ? "" : output == null ? "; stopped" : "; stopped, --resume continues";
    spec.commandLine().getErr().println(Problems.line(remark + tally.summary() + rest));
    if (stopped) {
      return INTERRUPTED;
    }
    return tally.errors() + failedBefore == 0
        ? CommandLine.ExitCode.OK
        : CommandLine.ExitCode.SOFTWARE;
  }
}
