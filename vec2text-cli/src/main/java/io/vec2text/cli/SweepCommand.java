package io.vec2text.cli;

import io.vec2text.eval.internal.experiments.Domain;
import io.vec2text.eval.internal.experiments.Sweep;
import io.vec2text.eval.internal.experiments.SweepEvaluation;
import io.vec2text.eval.internal.experiments.SweepOptions;
import io.vec2text.eval.internal.experiments.SweepReports;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vec2text eval sweep}: how quality and cost change with one setting. */
@Command(
    name = "sweep",
    description = "Measures how quality and cost change with one setting.",
    footer = {
      "",
      "length: passages cut to so many tokens. steps: corrections, for each of --widths. domain:",
      "sentences of the files of --domains. dimensions: components kept of a vector. candidates:",
      "first guesses of which the closest is taken. All but length and domain take passages cut to",
      "32 tokens. With --resume, a run that was killed goes on."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class SweepCommand implements Callable<Integer> {
  private final Context context;

  @Mixin private ModelOptions model;
  @Mixin private SearchOptions searching;
  @Mixin private TextsOptions texts;
  @Mixin private ReportOptions reports;

  @Option(
      names = "--over",
      paramLabel = "<what>",
      required = true,
      description = "length, steps, domain, dimensions or candidates.")
  private Sweep.Over over;

  @Option(
      names = "--values",
      paramLabel = "<n>",
      split = ",",
      description = "The values, with commas between, for example 4,8,16. Default: the usual ones.")
  private List<Integer> values = List.of();

  @Option(
      names = "--widths",
      paramLabel = "<n>",
      split = ",",
      defaultValue = "1,4,8",
      description = "Hypotheses of the searches of --over steps. Default: ${DEFAULT-VALUE}.")
  private List<Integer> widths = List.of();

  @Option(
      names = "--domain",
      paramLabel = "<domain>",
      converter = Parser.class,
      description = "A file of texts, one a line: " + Domain.FORM + ". May be given repeatedly.")
  private List<Domain> domains = List.of();

  SweepCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    SweepOptions.Builder builder = check();
    EngineSettings settings = model.settings(searching.search());
    Inputs inputs = texts.addTo(model.addTo(new Inputs()));
    domains.forEach(domain -> inputs.file(domain.file()));
    try (Outputs outputs = reports.claim(inputs);
        Engines.Engine engine = context.engines().openInverter(settings)) {
      Sweep sweep =
          new Sweep(
              engine::inverter,
              engine.embedder(),
              engine.corrector(),
              new EvalProgress(context.terminal().error()));
      SweepEvaluation evaluation =
          sweep.run(
              options(builder, settings, engine.versions()),
              soFar -> reports.writeSoFar(SweepReports.report(soFar), outputs));
      reports.finish(SweepReports.report(evaluation), outputs, context);
      return ExitStatus.of(evaluation.complete(), evaluation.errors());
    }
  }

  /** Finds out before the models are loaded, and not after hours, what can't work. */
  private SweepOptions.Builder check() throws IOException {
    texts.check();
    searching.check();
    searching.require(!texts.none(), "--limit must be at least 1, was 0");
    searching.require(
        domains.isEmpty() == (over != Sweep.Over.DOMAIN),
        "--domain goes with --over domain, and the other way round");
    for (Domain domain : domains) {
      Problems.requireExists(domain.file());
    }
    try {
      return SweepOptions.builder(over).values(values).widths(widths).domains(domains);
    } catch (IllegalArgumentException e) {
      throw searching.refused(e);
    }
  }

  private SweepOptions options(
      SweepOptions.Builder builder, EngineSettings settings, Map<String, String> versions) {
    texts.apply(builder);
    searching.apply(builder, settings, versions, context.cancellation());
    reports.apply(builder);
    return builder.build();
  }

  /** Reads a domain. */
  static final class Parser implements CommandLine.ITypeConverter<Domain> {
    @Override
    public Domain convert(String text) {
      try {
        return Domain.parse(text);
      } catch (InvalidPathException e) {
        throw new CommandLine.TypeConversionException(Locales.describe(e));
      } catch (IllegalArgumentException e) {
        throw new CommandLine.TypeConversionException(e.getMessage());
      }
    }
  }
}
