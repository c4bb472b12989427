package io.vec2text.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vec2text.audit.AuditReport;
import io.vec2text.audit.report.Baseline;
import io.vec2text.audit.report.Rendering;
import io.vec2text.audit.report.Reports;
import io.vec2text.audit.report.Threshold;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Where the reports of an audit go, and what they show. */
final class AuditReportOptions {
  @Option(
      names = "--html",
      paramLabel = "<file>",
      description = "One HTML file: a page for who decides, the details for who repairs.")
  private @Nullable Path html;

  @Option(names = "--markdown", paramLabel = "<file>", description = "The same as Markdown.")
  private @Nullable Path markdown;

  @Option(
      names = "--json",
      paramLabel = "<file>",
      description = "All figures and findings as JSON, which is also a --baseline.")
  private @Nullable Path json;

  @Option(
      names = "--sarif",
      paramLabel = "<file>",
      description = "The findings as SARIF 2.1.0, for code scanning and security tools.")
  private @Nullable Path sarif;

  @Option(
      names = "--junit",
      paramLabel = "<file>",
      description = "JUnit XML for CI servers: a test for each kind of data.")
  private @Nullable Path junit;

  @Option(names = "--csv", paramLabel = "<file>", description = "The findings as a table.")
  private @Nullable Path csv;

  @Option(
      names = "--reveal",
      description = "Show what came back, in HTML, Markdown, JSON and CSV. Such files are secrets.")
  private boolean reveal;

  @Option(
      names = "--baseline",
      paramLabel = "<file>",
      description =
          "An earlier report of --json, whose findings are known: only others are new, and only new"
              + " ones count for --fail-on.")
  private @Nullable Path baseline;

  @Option(
      names = "--fail-on",
      paramLabel = "<severity[:count]>",
      converter = ThresholdParser.class,
      description =
          "End with status "
              + FailCondition.STATUS
              + " if there are so many new findings (1 unless said otherwise) of this severity or a"
              + " worse one: low, medium, high or critical.")
  private @Nullable Threshold failOn;

  /** A report that can be written. */
  private record Output(@Nullable Path file, BiFunction<AuditReport, Rendering, String> content) {}

  private List<Output> outputs() {
    return Arrays.asList(
        new Output(html, Reports::html),
        new Output(markdown, Reports::markdown),
        new Output(json, Reports::json),
        new Output(sarif, Reports::sarif),
        new Output(junit, Reports::junit),
        new Output(csv, Reports::csv));
  }

  /** Finds out before the models are loaded what can't work. */
  void check() throws IOException {
    if (baseline != null) {
      Problems.requireExists(baseline);
    }
  }

  /**
   * Claims the files, before any work is done for them.
   *
   * @param inputs what else the command reads; the baseline may be replaced by the new report
   * @return to be closed after the reports are written
   */
  Outputs claim(Inputs inputs) throws IOException {
    Outputs claimed = new Outputs(inputs);
    boolean done = false;
    try {
      for (Output output : outputs()) {
        claimed.claim(output.file());
      }
      done = true;
      return claimed;
    } finally {
      if (!done) {
        claimed.close();
      }
    }
  }

  /** How to write; reads the baseline. */
  Rendering rendering() throws IOException {
    Optional<Baseline> known = Optional.empty();
    if (baseline != null) {
      known = Optional.of(Baseline.read(AuditCompareCommand.read(baseline), baseline.toString()));
    }
    return new Rendering(reveal, known, Optional.ofNullable(failOn));
  }

  /** Writes the files that were asked for, for their owner alone. */
  void write(AuditReport report, Rendering rendering, Outputs outputs) throws IOException {
    for (Output output : outputs()) {
      if (output.file() != null) {
        String content = output.content().apply(report, rendering);
        outputs.write(output.file(), content.getBytes(UTF_8));
      }
    }
  }

  /** Reads an option's value. */
  static final class ThresholdParser implements CommandLine.ITypeConverter<Threshold> {
    @Override
    public Threshold convert(String text) {
      try {
        return Threshold.parse(text);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.TypeConversionException(e.getMessage());
      }
    }
  }
}
