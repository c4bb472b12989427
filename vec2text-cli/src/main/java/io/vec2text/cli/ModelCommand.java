package io.vec2text.cli;

import io.vec2text.onnx.Device;
import io.vec2text.onnx.PackageCheck;
import io.vec2text.onnx.PackageImport;
import io.vec2text.onnx.PackageInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vec2text model}: what there is to do with a package itself. */
@Command(
    name = "model",
    description = "Looks at model packages in directories, checks and copies them.",
    footer = {
      "",
      "A published vec2text checkpoint becomes a package by python -m vec2text_training convert",
      "(training/README.md)."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class ModelCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return CommandLine.ExitCode.OK;
  }

  /** Shows what the manifest says; nothing is verified. */
  @Command(
      name = "inspect",
      description = "Shows what a package says of itself, without verifying it.",
      mixinStandardHelpOptions = true)
  int inspect(
      @Parameters(paramLabel = "<dir>", description = "The package's directory.") Path directory) {
    print(PackageInfo.of(directory));
    return CommandLine.ExitCode.OK;
  }

  /** Checks hashes, graphs, tensors and tokenizers. */
  @Command(
      name = "verify",
      description =
          "Checks a package: hashes, graphs and their tensors, tokenizers; and how long that"
              + " takes.",
      mixinStandardHelpOptions = true)
  int verify(
      @Parameters(paramLabel = "<dir>", description = "The package's directory.") Path directory,
      @Option(
              names = "--device",
              paramLabel = "<device>",
              defaultValue = "cpu",
              description = "Where to load it: auto, cpu or cuda:N. Default: ${DEFAULT-VALUE}.")
          String device) {
    print(PackageCheck.apart(directory, Device.parse(device), 0));
    return CommandLine.ExitCode.OK;
  }

  /** Copies a package to where it is to be used from. */
  @Command(
      name = "import",
      description = "Copies a package from a directory or a zip file, and checks the copy.",
      mixinStandardHelpOptions = true)
  int importPackage(
      @Parameters(paramLabel = "<dir|zip>", description = "The package.") Path source,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "<dir>",
              description = "A directory that does not exist yet, for --model.")
          Path target)
      throws IOException {
    Problems.requireExists(source);
    print(PackageImport.run(source, target, Device.CPU, 0));
    return CommandLine.ExitCode.OK;
  }

  private void print(PackageCheck check) {
    PackageInfo info = check.info();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "OK: %s for %s: %d files, %s verified in %s; loaded in %s%n",
        info.name(),
        info.space(),
        info.files().size(),
        megabytes(bytes(info)),
        seconds(check.hashing()),
        seconds(check.loading()));
  }

  private void print(PackageInfo info) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("name      %s%n", info.name());
    out.printf("kind      %s%n", info.kind().orElse("an embedder only"));
    out.printf(
        "space     %s, pooling %s, %s, up to %d tokens%n",
        info.space(),
        info.space().pooling().name().toLowerCase(Locale.ROOT),
        info.space().normalized() ? "normalised" : "not normalised",
        info.space().tokenLimit());
    out.printf("licence   %s%n", info.licence());
    out.printf("manifest  SHA-256 %s%n", info.manifest());
    info.graphs().forEach((role, file) -> out.printf("graph     %-12s  %s%n", role, file));
    info.files()
        .forEach((name, bytes) -> out.printf("file      %12s  %s%n", megabytes(bytes), name));
    out.printf("total     %12s%n", megabytes(bytes(info)));
  }

  private static long bytes(PackageInfo info) {
    return info.files().values().stream().mapToLong(Long::longValue).sum();
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toNanos() / 1e9);
  }
}
