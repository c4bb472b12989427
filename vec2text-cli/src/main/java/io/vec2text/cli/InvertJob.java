package io.vec2text.cli;

import io.vec2text.EmbeddingSpace;
import io.vec2text.Evidence;
import io.vec2text.InversionOptions;
import io.vec2text.Vectors;
import io.vec2text.onnx.SpaceMatch;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine;

/** What {@code vec2text invert} does when its command line is understood. */
final class InvertJob {
  /** Vectors inverted side by side: what a run holds in memory, and the most that a kill undoes. */
  static final int WINDOW = 64;

  /** Vectors by which their model is told. */
  private static final int COMPARED = 50;

  private final Context context;
  private final PrintWriter err;
  private final Supplier<InversionOptions.Builder> options;
  private final ResultLines lines;
  private final List<FailCondition> failIf;
  private final boolean progress;
  private final Tally tally = new Tally();
  private List<float[]> first = List.of();

  /** Makes a fingerprint, which takes reading the input. */
  @FunctionalInterface
  interface Fingerprinting {
    Fingerprint of() throws IOException;
  }

  /**
   * A job.
   *
   * @param err standard error
   * @param options options of the inversions, but for the listener
   * @param lines makes the lines
   * @param failIf the conditions of which none may hold
   * @param progress whether to report progress to what is no terminal
   */
  InvertJob(
      Context context,
      PrintWriter err,
      Supplier<InversionOptions.Builder> options,
      ResultLines lines,
      List<FailCondition> failIf,
      boolean progress) {
    this.context = context;
    this.err = err;
    this.options = options;
    this.lines = lines;
    this.failIf = failIf;
    this.progress = progress;
  }

  /** Embeds texts and inverts their vectors. */
  int invertTexts(EngineSettings settings, List<String> texts) throws IOException {
    try (Engines.Engine engine = context.engines().openInverter(settings)) {
      VectorReader vectors = VectorReader.of(List.of(engine.embedder().embed(texts)));
      return print(engine, new Windows(vectors, WINDOW), vectors.rows());
    }
  }

  /** Inverts vectors to standard output. */
  int toStandardOutput(EngineSettings settings, VectorOptions source, VectorReader reader)
      throws IOException {
    Windows windows = new Windows(reader, WINDOW);
    try (Engines.Engine engine = open(settings, source, windows)) {
      return print(engine, windows, reader.rows());
    }
  }

  private int print(Engines.Engine engine, Windows windows, OptionalLong rows) throws IOException {
    write(lines.header());
    // On a terminal the results themselves show how far it is.
    boolean bar = context.terminal().error() && !context.terminal().output();
    try (Progress shown = Progress.of("invert", bar, progress, rows, 0)) {
      // Nothing can be continued here, so what a cancelled search has is worth more than silence.
      run(engine, shown, true).run(windows, 0, this::write);
    }
    return end("", windows.notes(), "; stopped");
  }

  private void write(byte[] line) throws IOException {
    try {
      context.out().write(line);
      context.out().flush();
    } catch (IOException e) {
      throw new IOException("standard output can't be written: " + e.getMessage(), e);
    }
  }

  /**
   * Inverts vectors to a file that was claimed.
   *
   * @param fingerprint what results depend on, but for the models
   */
  int toFile(
      EngineSettings settings,
      VectorOptions source,
      VectorReader reader,
      Path file,
      Outputs outputs,
      boolean resume,
      Fingerprinting fingerprint)
      throws IOException {
    if (resume && OutputFile.mayBeComplete(file)) {
      return endComplete(file, source, reader);
    }
    Windows windows = new Windows(reader, WINDOW);
    String ifStopped =
        source.whyNotResumable().isEmpty() ? "; stopped, --resume continues" : "; stopped";
    try (Engines.Engine engine = open(settings, source, windows)) {
      Fingerprint whole = fingerprint.of().with(results(engine));
      try (OutputFile output =
          resume
              ? OutputFile.resume(file, lines, whole, outputs, tally)
              : OutputFile.create(file, lines, whole, outputs)) {
        long start = output.count();
        skip(windows, start, output, file, source);
        try (Progress shown =
            Progress.of("invert", context.terminal().error(), progress, reader.rows(), start)) {
          run(engine, shown, false).run(windows, start, output);
        }
        if (!context.cancellation().requested()) {
          output.complete();
        }
        return end(start == 0 ? "" : "continued at " + start + ", ", windows.notes(), ifStopped);
      }
    }
  }

  /** Skips what an output has already, having seen that its last line is of the same row. */
  private static void skip(
      Windows windows, long count, OutputFile output, Path file, VectorOptions source)
      throws IOException {
    if (count == 0) {
      return;
    }
    Row last = windows.skipTo(count - 1);
    if (last == null) {
      throw new CliException(file + ": has more lines than " + source.name() + " has vectors");
    }
    if (!output.endsWith(last.place())) {
      throw new CliException(
          "%s: its last line is of another record than number %d of %s now, which has changed since; --force begins it again"
              .formatted(file, count - 1, source.name()));
    }
  }

  /** What results depend on of the models; not on what machine they run. */
  private static Map<String, String> results(Engines.Engine engine) {
    EmbeddingSpace space = engine.inverter().space();
    Map<String, String> versions = new java.util.TreeMap<>(engine.versions());
    versions.remove("device");
    versions.put("space", space.toString());
    return versions;
  }

  /** Checks that nothing is left to do. */
  private int endComplete(Path file, VectorOptions source, VectorReader reader) throws IOException {
    long results = OutputFile.count(file, lines, tally);
    long vectors = 0;
    for (Row row = reader.next(); row != null; row = reader.next()) {
      vectors++;
    }
    if (results != vectors) {
      throw new CliException(
          "%s: holds %d results, but %s has %d vectors, and there is no %s beside it to continue it; --force begins it again"
              .formatted(
                  file, results, source.name(), vectors, Outputs.sidecar(file).getFileName()));
    }
    err.println(Problems.line(file + ": complete, nothing to do; " + tally.earlier()));
    return status();
  }

  /** Opens the models, having seen that the vectors may be theirs. */
  private Engines.Engine open(EngineSettings settings, VectorOptions source, Windows windows)
      throws IOException {
    first = windows.first(COMPARED);
    return open(
        context.engines(),
        settings,
        options.get().build(),
        source.name(),
        windows,
        line -> err.println(Problems.line(line)));
  }

  /**
   * Opens the models, having seen that the vectors may be theirs.
   *
   * @param name what the source of the vectors is called
   * @param say hears which variant the vectors are of, if that is to be told from them
   */
  static Engines.Engine open(
      Engines engines,
      EngineSettings settings,
      InversionOptions chosen,
      String name,
      Windows windows,
      Consumer<String> say)
      throws IOException {
    Optional<EmbeddingSpace> space = engines.space(settings);
    if (space.isPresent()) {
      windows.checkDimension(name, space.get(), chosen.truncated());
    }
    Engines.Engine engine = new VariantChoice(engines, chosen, say).open(settings, windows);
    if (space.isEmpty()) {
      try {
        windows.checkDimension(name, engine.inverter().space(), chosen.truncated());
      } catch (IOException | RuntimeException e) {
        engine.close();
        throw e;
      }
    }
    return engine;
  }

  private InversionRun run(Engines.Engine engine, Progress shown, boolean keepUnfinished) {
    return new InversionRun(
        engine.inverter(),
        options,
        lines,
        context.cancellation(),
        keepUnfinished,
        (index, outcome) -> {
          tally.add(index, outcome);
          shown.step(tally);
        });
  }

  private int end(String remark, String notes, String ifStopped) {
    boolean stopped = context.cancellation().requested();
    tally.evidence().forEach(line -> err.println(Problems.line(line)));
    if (tally.shows(Evidence.Kind.OTHER_MODEL)) {
      otherModel().ifPresent(line -> err.println(Problems.line(line)));
    }
    err.println(Problems.line(remark + tally.summary() + notes + (stopped ? ifStopped : "")));
    return stopped ? ExitStatus.INTERRUPTED : status();
  }

  /** Names the model that the first vectors may be of, if its package is there. */
  private Optional<String> otherModel() {
    List<float[]> proper =
        first.stream()
            .filter(v -> v.length == first.get(0).length)
            .filter(v -> Vectors.norm(v) > 0 && Vectors.norm(v) < Float.MAX_VALUE)
            .toList();
    if (proper.isEmpty()) {
      return Optional.empty();
    }
    return SpaceMatch.of(proper, List.of()).stream()
        .filter(SpaceMatch::plausible)
        .map(match -> match.space().modelId())
        .findFirst()
        .map(id -> "the vectors may be those of " + id + ": try --model " + id);
  }

  private int status() {
    for (FailCondition condition : failIf) {
      if (condition.holds(tally)) {
        err.println(Problems.line("--fail-if " + condition.text() + " holds"));
        return FailCondition.STATUS;
      }
    }
    return tally.errors() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
