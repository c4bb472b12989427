package io.vec2text.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code vec2text lm}: hidden prompts of language models. */
@Command(
    name = "lm",
    description = "Recovers hidden prompts from the next-token distributions of a language model.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class LmCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return CommandLine.ExitCode.OK;
  }
}
