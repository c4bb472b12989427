package io.vec2text.cli;

import io.vec2text.audit.Canaries;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vec2text audit plant}: sentences to be put into a store. */
@Command(
    name = "plant",
    description =
        "Makes sentences to put into your store, so that an audit can tell which come back.",
    footer = {
      "",
      "Writes {\"id\":\"canary-0001\",\"text\":\"…\"} a line. Put the texts into the store in the"
          + " way",
      "in which it gets its other texts, with these ids if it has ids, and then run:",
      "  vec2text audit EXPORT --canaries FILE"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class PlantCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--count",
      paramLabel = "<n>",
      defaultValue = "20",
      description = "Sentences to make. Default: ${DEFAULT-VALUE}.")
  private int count;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "Another seed makes other sentences. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--output",
      paramLabel = "<file>",
      required = true,
      description = "Where to write, readable by you alone.")
  private Path output;

  @Option(names = "--force", description = "Replace the output if it exists.")
  private boolean force;

  /** For picocli, which fills in the fields. */
  PlantCommand() {}

  @Override
  public Integer call() throws IOException {
    Problems.require(
        spec,
        count > 0 && count <= Canaries.MAX,
        "--count must be from 1 to " + Canaries.MAX + ", was " + count);
    try (Outputs outputs = new Outputs(new Inputs())) {
      outputs.claim(output, force, "--force replaces it");
      outputs.write(output, AuditFiles.write(Canaries.make(count, seed)));
    }
    return CommandLine.ExitCode.OK;
  }
}
