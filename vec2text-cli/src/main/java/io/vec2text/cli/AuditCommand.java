package io.vec2text.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vec2text.InversionOptions;
import io.vec2text.audit.Audit;
import io.vec2text.audit.AuditException;
import io.vec2text.audit.AuditReport;
import io.vec2text.audit.report.Rendering;
import io.vec2text.audit.report.Reports;
import io.vec2text.eval.Storage;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vec2text audit}: what of a store can be read from its vectors alone. */
@Command(
    name = "audit",
    description = "Says what of a vector store can be read from its vectors alone.",
    footer = {
      "",
      "Draws a random sample of the vectors, inverts it, and looks for personal data and secrets"
          + " in",
      "what comes back. Without any of the report options a summary is printed. No report shows",
      "what came back unless --reveal is given. Status 3: --fail-on holds."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class AuditCommand implements Callable<Integer> {
  private final Context context;

  @Spec private CommandSpec spec;
  @Mixin private VectorOptions vectors;
  @Mixin private ModelOptions model;
  @Mixin private SearchOptions searching;
  @Mixin private AuditReportOptions reports;
  @Mixin private WholeStoreOptions wholeStore;

  @Option(
      names = "--sample",
      paramLabel = "<n>",
      defaultValue = "" + Audit.DEFAULT_SAMPLE,
      description =
          "Records to invert, drawn at random by --seed; all if there are fewer. 200 tell a share"
              + " to 7 points, 1,000 to 3. Default: ${DEFAULT-VALUE}.")
  private int sample;

  @Option(
      names = "--by",
      paramLabel = "<field>",
      description =
          "Draw from each value of this field (a column, payload or metadata of the store, or a"
              + " field of JSON) as many as its share, and a few at least, and report shares by"
              + " value.")
  private @Nullable String by;

  @Option(
      names = "--canaries",
      paramLabel = "<file>",
      description =
          "Sentences that vec2text audit plant made and that were put into the store: says which"
              + " come back.")
  private @Nullable Path canaries;

  @Option(
      names = "--truth",
      paramLabel = "<file>",
      description =
          "The texts that records really have, as JSON lines with id and text, or CSV with these"
              + " columns: says how much of them came back.")
  private @Nullable Path truth;

  @Option(
      names = "--storage",
      paramLabel = "<form>",
      converter = EvalCommand.StorageParser.class,
      description =
          "Audit what would be left if the store kept its vectors in this form: "
              + Storage.FORMS
              + ". Default: as they are.")
  private @Nullable Storage storage;

  @Option(
      names = "--search-anyway",
      description = "Search also for vectors that seem to be another model's.")
  private boolean searchAnyway;

  @Option(
      names = "--resume",
      paramLabel = "<dir>",
      description =
          "Keep finished inversions in this folder, and go on with those of a run that was killed."
              + " It then holds recovered texts, readable by you alone.")
  private @Nullable Path resume;

  @Option(
      names = "--progress",
      description = "Report progress on standard error also where that is no terminal.")
  private boolean progress;

  AuditCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    check();
    EngineSettings settings = model.settings(searching.search());
    Rendering rendering = reports.rendering();
    Inputs inputs = wholeStore.addTo(model.addTo(new Inputs())).file(canaries).file(truth);
    vectors.addTo(inputs);
    try (Outputs outputs = reports.claim(inputs.folder(resume, "*.jsonl"));
        VectorReader reader = source(settings)) {
      Windows windows = new Windows(reader, InvertJob.WINDOW);
      try (Engines.Engine engine = open(settings, windows)) {
        AuditReport report = audit(settings, engine, windows, reader.rows());
        reports.write(report, rendering, outputs);
        print(Reports.summary(report, rendering));
        return status(report, rendering);
      }
    }
  }

  /** The one place that opens what is audited. */
  private VectorReader source(EngineSettings settings) throws IOException {
    VectorReader reader =
        vectors.open(
            context, context.engines().space(settings), by == null ? List.of() : List.of(by));
    return storage == null ? reader : new StoredFormReader(reader, storage);
  }

  /** What is audited, as reports name it. */
  private String name() {
    return vectors.name() + (storage == null ? "" : ", as if stored as " + storage);
  }

  private Engines.Engine open(EngineSettings settings, Windows windows) throws IOException {
    return InvertJob.open(
        context.engines(), settings, inversion().build(), vectors.name(), windows, this::say);
  }

  private AuditReport audit(
      EngineSettings settings, Engines.Engine engine, Windows windows, OptionalLong rows)
      throws IOException {
    Map<String, String> versions = new TreeMap<>(engine.versions());
    versions.remove("device");
    Audit.Builder audit =
        Audit.builder(engine.inverter())
            .sample(sample)
            .source(name())
            .search(searching.search())
            .versions(new Main.Version().number(), versions);
    wholeStore.addTo(audit, engine);
    if (by != null) {
      audit.by(by);
    }
    if (canaries != null) {
      audit.canaries(AuditFiles.canaries(canaries), engine.embedder());
    }
    if (truth != null) {
      audit.truth(AuditFiles.truth(truth));
    }
    if (resume != null) {
      // The version as well: another one may search otherwise.
      audit.resume(
          resume,
          new Main.Version().number()
              + versions
              + settings.model()
              + settings.variant()
              + searching.search()
              + (storage == null ? "" : storage));
    }
    try (Progress shown =
        Progress.of(
            "audit",
            context.terminal().error(),
            progress,
            OptionalLong.of(sample + (long) wholeStore.suspects()),
            0)) {
      audit.inversion(inversion().build()).listener(shown::at);
      return audit.build().run(new WindowedReader(windows, rows));
    } catch (AuditException e) {
      if (!e.isAboutForeignVectors()) {
        throw e;
      }
      throw new CliException(
          e.getMessage()
              + "; vec2text space identify tells whose they are, --model names another package,"
              + " --search-anyway searches them all the same",
          e);
    }
  }

  private InversionOptions.Builder inversion() {
    InversionOptions.Builder options = searching.inversion(context.cancellation());
    vectors.truncated().ifPresent(options::truncated);
    if (storage != null) {
      storage.left().ifPresent(options::truncated);
    }
    return options.searchAnyway(searchAnyway);
  }

  private void check() throws IOException {
    vectors.check(false);
    searching.check();
    searching.require(sample > 0, "--sample must be at least 1, was " + sample);
    searching.require(
        wholeStore.suspects() >= 0, "--triage must be at least 0, was " + wholeStore.suspects());
    for (@Nullable Path file : new @Nullable Path[] {canaries, truth}) {
      if (file != null) {
        Problems.requireExists(file);
      }
    }
    wholeStore.check();
    reports.check();
  }

  private void say(String line) {
    spec.commandLine().getErr().println(Problems.line(line));
  }

  private void print(String summary) throws IOException {
    PrintStream stream = new PrintStream(context.out(), false, UTF_8);
    stream.print(summary);
    if (stream.checkError()) {
      throw new IOException("standard output can't be written");
    }
  }

  private int status(AuditReport report, Rendering rendering) {
    if (context.cancellation().requested()) {
      say(
          "stopped; the report is about what was done"
              + (resume == null ? "" : ", the same command goes on"));
      return ExitStatus.INTERRUPTED;
    }
    if (rendering.fails(report)) {
      say("--fail-on " + rendering.failOn().orElseThrow() + " holds");
      return FailCondition.STATUS;
    }
    return report.errors() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
