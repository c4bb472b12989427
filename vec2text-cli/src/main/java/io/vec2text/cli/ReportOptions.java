package io.vec2text.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.vec2text.eval.internal.report.Disclosure;
import io.vec2text.eval.internal.report.Figures;
import io.vec2text.eval.internal.report.Html;
import io.vec2text.eval.internal.report.Markdown;
import io.vec2text.eval.internal.report.Report;
import io.vec2text.eval.internal.setup.ExperimentOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every command that measures: where its reports go. */
final class ReportOptions {
  static final String JSON = "--json";

  /** What changes no figure. */
  private static final Set<String> NOT_RECORDED =
      Set.of(JSON, "--html", "--markdown", "--reveal", "--resume", "--rerun", "--debug");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = JSON,
      paramLabel = "<file>",
      description = "Write the figures, and more of them, as JSON. Holds no text.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "<file>",
      description = "Write a report with plots and examples as one HTML file.")
  private @Nullable Path html;

  @Option(
      names = "--markdown",
      paramLabel = "<file>",
      description = "Write the same report without plots as Markdown.")
  private @Nullable Path markdown;

  @Option(
      names = "--reveal",
      description = "Show the texts of examples in reports; without it, bars in place of words.")
  private boolean reveal;

  @Option(
      names = "--resume",
      paramLabel = "<dir>",
      description =
          "Keep finished inversions in this folder, and go on with those of a run that was killed."
              + " It then holds recovered texts, readable by you alone.")
  private @Nullable Path resume;

  /**
   * Claims the files, before any work is done for them.
   *
   * @param inputs what else the command reads
   * @return to be closed after the last {@link #write(Report, Outputs)}
   */
  Outputs claim(Inputs inputs) throws IOException {
    if (resume != null && Files.exists(resume) && !Files.isDirectory(resume)) {
      throw new CliException(resume + ": is no folder, can't keep inversions there");
    }
    Outputs outputs = new Outputs(inputs.folder(resume, "*.jsonl"));
    boolean claimed = false;
    try {
      outputs.claim(json);
      outputs.claim(html);
      outputs.claim(markdown);
      claimed = true;
      return outputs;
    } finally {
      if (!claimed) {
        outputs.close();
      }
    }
  }

  /** Hands over the folder in which inversions are kept. */
  void apply(ExperimentOptions.Builder<?> builder) {
    if (resume != null) {
      builder.resume(resume);
    }
  }

  /** {@link #write(Report, Outputs)} for those who can't throw its exception. */
  void writeSoFar(Report report, Outputs outputs) {
    try {
      write(report, outputs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the files, and prints the report without its examples. */
  void finish(Report report, Outputs outputs, Context context) throws IOException {
    write(report, outputs);
    context.print(report);
  }

  /** Writes the files that were asked for, for their owner alone. */
  void write(Report report, Outputs outputs) throws IOException {
    if (json != null) {
      ArrayNode command = report.figures().putArray("command");
      command().forEach(command::add);
      write(outputs, json, Figures.write(report.figures()));
    }
    Disclosure disclosure = reveal ? Disclosure.REVEALED : Disclosure.REDACTED;
    if (html != null) {
      write(outputs, html, Html.of(report, disclosure));
    }
    if (markdown != null) {
      write(outputs, markdown, Markdown.of(report, disclosure));
    }
  }

  private static void write(Outputs outputs, Path file, String content) throws IOException {
    outputs.write(file, content.getBytes(UTF_8));
  }

  /** The command line that gives the same figures. */
  private List<String> command() {
    List<String> words = new ArrayList<>();
    for (CommandLine c = spec.commandLine(); c.getParent() != null; c = c.getParent()) {
      words.add(0, c.getCommandName());
    }
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptionsSet()) {
      if (NOT_RECORDED.contains(option.longestName())) {
        continue;
      }
      if (option.arity().max() == 0) {
        words.add(option.longestName());
      } else {
        for (String value : option.originalStringValues()) {
          words.add(option.longestName() + "=" + value);
        }
      }
    }
    return words;
  }
}
