package io.vec2text.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Runs the command that a JSON report names once more, and compares the figures. */
final class Rerun {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 10;
  private static final String DEADLINE = "--max-seconds";

  private final Context context;

  Rerun(Context context) {
    this.context = context;
  }

  /**
   * Reruns a report. Relative paths in its command are taken from the working directory.
   *
   * @param err where problems are told
   * @return 0 if all figures but times are the same, 1 if some differ, or the status of the command
   *     if it failed
   */
  int run(Path report, PrintWriter err) throws IOException {
    JsonNode expected = read(report);
    List<String> command = command(report, expected);
    Path folder = Files.createTempDirectory("vec2text-rerun");
    Path again = folder.resolve("again.json");
    try {
      command.add(ReportOptions.JSON);
      command.add(again.toString());
      int status = Main.run(context, err, command.toArray(String[]::new));
      if (status != CommandLine.ExitCode.OK && status != CommandLine.ExitCode.SOFTWARE) {
        return status;
      }
      return compare(FigureDifferences.of(expected, read(again)));
    } finally {
      Files.deleteIfExists(again);
      Files.deleteIfExists(folder);
    }
  }

  private static JsonNode read(Path report) throws IOException {
    try {
      return JSON.readTree(Files.readAllBytes(report));
    } catch (JsonProcessingException e) {
      throw new CliException(report + ": is not JSON", e);
    }
  }

  private static List<String> command(Path report, JsonNode expected) {
    List<String> command = new ArrayList<>();
    expected.path("command").forEach(word -> command.add(word.asText()));
    if (command.isEmpty() || !command.get(0).equals("eval")) {
      throw new CliException(
          report + ": names no command that made it, expected a report written with --json");
    }
    if (command.stream().anyMatch(word -> word.startsWith(DEADLINE))) {
      throw new CliException(
          report
              + ": was made under "
              + DEADLINE
              + ", and figures under a deadline can't be reproduced; expected an embeddings"
              + " budget");
    }
    return command;
  }

  private int compare(FigureDifferences differences) throws IOException {
    PrintStream out = new PrintStream(context.out(), false, StandardCharsets.UTF_8);
    out.println();
    differences.circumstances().forEach(out::println);
    differences.figures().stream().limit(SHOWN).forEach(out::println);
    int different = differences.figures().size();
    if (different > SHOWN) {
      out.printf("... and %d more%n", different - SHOWN);
    }
    out.printf(
        "%d of %d figures are the same, times aside.%n",
        differences.compared() - different, differences.compared());
    if (out.checkError()) {
      throw new IOException("standard output can't be written");
    }
    return different == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
