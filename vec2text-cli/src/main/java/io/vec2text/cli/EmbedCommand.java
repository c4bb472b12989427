package io.vec2text.cli;

import io.vec2text.Embedder;
import io.vec2text.internal.OwnerOnly;
import io.vec2text.sources.LineReader;
import io.vec2text.sources.NpyWriter;
import io.vec2text.sources.VectorFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vec2text embed}: texts to vectors. */
@Command(
    name = "embed",
    description = "Embeds texts.",
    footer = {
      "",
      "The output appears under its name only when it is complete, and can be read by you alone."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class EmbedCommand implements Callable<Integer> {
  private static final int BATCH = 64;
  private static final int MAX_LINE = 1 << 20;

  private final Context context;

  @Spec private CommandSpec spec;
  @Mixin private ModelOptions model;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "<texts.txt>",
      description = "The texts, one a line, in UTF-8.")
  private Path input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "<vectors.npy>",
      description = "The vectors, a float32 array of shape [n, dimension].")
  private Path output;

  @Option(names = "--force", description = "Replace the output if it exists.")
  private boolean force;

  EmbedCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Problems.requireExists(input);
    if (Files.isDirectory(input)) {
      throw new VectorFileException(input.toString(), "is not a file");
    }
    try (Outputs outputs = new Outputs(model.addTo(new Inputs()).file(input))) {
      outputs.claim(output, force, "--force replaces it");
      return embed();
    }
  }

  private int embed() throws IOException {
    long start = System.nanoTime();
    Path temporary = OwnerOnly.temporary(output);
    // Should patience with a batch end before it does when the process is to end.
    temporary.toFile().deleteOnExit();
    try (LineReader lines = LineReader.open(input, MAX_LINE)) {
      List<String> batch = read(lines);
      if (batch.isEmpty()) {
        throw new VectorFileException(input.toString(), "is empty");
      }
      long n;
      try (Embedder embedder =
              context.engines().openEmbedder(model.settings(EngineSettings.DEFAULT_SEARCH));
          NpyWriter writer =
              new NpyWriter(OwnerOnly.create(temporary), embedder.space().dimension())) {
        while (!batch.isEmpty()) {
          if (context.cancellation().requested()) {
            throw new CliException("stopped, nothing was written");
          }
          for (float[] vector : embedder.embed(batch)) {
            writer.write(vector);
          }
          batch = read(lines);
        }
        writer.finish();
        n = writer.rows();
      }
      OwnerOnly.rename(temporary, output);
      double seconds = (System.nanoTime() - start) / 1e9;
      spec.commandLine()
          .getErr()
          .println(Problems.line(String.format(Locale.ROOT, "%d texts, %.1f s", n, seconds)));
      return CommandLine.ExitCode.OK;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static List<String> read(LineReader lines) throws IOException {
    List<String> batch = new ArrayList<>();
    while (batch.size() < BATCH) {
      byte[] line = lines.next();
      if (line == null) {
        break;
      }
      batch.add(lines.decode(line));
    }
    return batch;
  }
}
