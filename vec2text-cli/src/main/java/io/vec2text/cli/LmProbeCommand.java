package io.vec2text.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vec2text.lm.server.ModelServer;
import io.vec2text.lm.server.ProbeReport;
import io.vec2text.lm.server.ServerProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vec2text lm probe}: what a caller of a server can recover. */
@Command(
    name = "probe",
    description = {
      "Says what a caller of a language model's server can recover of the distribution of the next",
      "token: by which ways, in how many calls and minutes, and what its owner can do about it."
    },
    footer = {
      "",
      "Probe a server of yours. The report holds no prompt and nothing that the model answered."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class LmProbeCommand implements Callable<Integer> {
  private final Context context;

  @Mixin private ServerFlags server;

  @Option(
      names = "--prompt",
      required = true,
      paramLabel = "<text>",
      description = "What the server is asked; any text will do.")
  private String prompt;

  @Option(
      names = "--json",
      paramLabel = "<file>",
      description = "Write the report there as JSON, too.")
  private @Nullable Path json;

  @Option(names = "--force", description = "Replace the JSON if it exists.")
  private boolean force;

  LmProbeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    try (Outputs outputs = new Outputs(new Inputs().file(server.tokenizer()))) {
      if (json != null) {
        outputs.claim(json, force, "--force replaces it");
      }
      ProbeReport report;
      try (ModelServer open = server.open(outputs, context.cancellation())) {
        report = new ServerProbe(open, server.chat()).run(prompt);
      }
      if (json != null) {
        outputs.write(json, (report.json() + "\n").getBytes(UTF_8));
      }
      context.out().write(report.text().getBytes(UTF_8));
      context.out().flush();
    }
    return CommandLine.ExitCode.OK;
  }
}
