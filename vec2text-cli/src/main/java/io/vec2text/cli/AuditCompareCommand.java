package io.vec2text.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vec2text.audit.report.Comparison;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vec2text audit compare}: what has changed between two audits. */
@Command(
    name = "compare",
    description =
        "Says which findings of an audit are new, gone or the same, and which shares changed.",
    footer = {
      "",
      "Prints Markdown. A share has changed if the 95 % interval of its change does not hold 0.",
      "Warns if the audits differ in model, budget or sample."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class AuditCompareCommand implements Callable<Integer> {
  private static final long MAX_BYTES = 1L << 30;

  private final Context context;

  @Parameters(
      index = "0",
      paramLabel = "<old.json>",
      description = "The report of the earlier audit, as --json wrote it.")
  private Path older;

  @Parameters(index = "1", paramLabel = "<new.json>", description = "That of the later audit.")
  private Path newer;

  @Option(names = "--json", paramLabel = "<file>", description = "Write it as JSON, too.")
  private @Nullable Path json;

  AuditCompareCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Problems.requireExists(older);
    Problems.requireExists(newer);
    try (Outputs outputs = new Outputs(new Inputs().file(older).file(newer))) {
      outputs.claim(json);
      Comparison comparison =
          Comparison.of(read(older), older.toString(), read(newer), newer.toString());
      if (json != null) {
        outputs.write(json, comparison.json().getBytes(UTF_8));
      }
      PrintStream stream = new PrintStream(context.out(), false, UTF_8);
      stream.print(comparison.markdown());
      if (stream.checkError()) {
        throw new IOException("standard output can't be written");
      }
    }
    return CommandLine.ExitCode.OK;
  }

  /** The bytes of a report; none of what can't be one. */
  static byte[] read(Path file) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES
        ? Files.readAllBytes(file)
        : new byte[0];
  }
}
