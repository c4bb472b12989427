package io.vec2text.cli;

import io.vec2text.Embedder;
import io.vec2text.internal.OwnerOnly;
import io.vec2text.sources.LineReader;
import io.vec2text.sources.VectorFileException;
import io.vec2text.sources.VectorWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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
  private static final Path STANDARD_INPUT = Path.of("-");

  private final Context context;

  @Spec private CommandSpec spec;
  @Mixin private ModelOptions model;

  @Parameters(
      arity = "0..1",
      paramLabel = "<texts.txt>",
      description = "The texts, one a line, in UTF-8; - for standard input.")
  private @Nullable Path file;

  @Option(names = "--input", paramLabel = "<texts.txt>", description = "The same, as an option.")
  private @Nullable Path option;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "<vectors>",
      description =
          "The vectors, in the form that the ending says: .npy, a float32 array of shape [n,"
              + " dimension]; .jsonl, {\"embedding\":[...]} a line; or .csv, numbers.")
  private Path output;

  @Option(names = "--force", description = "Replace the output if it exists.")
  private boolean force;

  EmbedCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Problems.require(
        spec, file == null || option == null, "a file of texts and --input are mutually exclusive");
    Path input = file == null ? option : file;
    if (input == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "expected a file of texts (or - for standard input) or --input=<texts.txt>");
    }
    boolean standardInput = input.equals(STANDARD_INPUT);
    if (!standardInput) {
      Problems.requireExists(input);
      if (Files.isDirectory(input)) {
        throw new VectorFileException(input.toString(), "is not a file");
      }
    }
    Inputs inputs = model.addTo(new Inputs());
    inputs.file(standardInput ? Path.of("/dev/stdin") : input);
    try (Outputs outputs = new Outputs(inputs);
        LineReader lines =
            standardInput
                ? LineReader.of("standard input", context.in(), MAX_LINE)
                : LineReader.open(input, MAX_LINE)) {
      outputs.claim(output, force, "--force replaces it");
      VectorWriter.checkName(output);
      return embed(standardInput ? "standard input" : input.toString(), lines);
    }
  }

  private int embed(String name, LineReader lines) throws IOException {
    long start = System.nanoTime();
    List<String> first = read(lines);
    if (first.isEmpty()) {
      throw new VectorFileException(name, "is empty");
    }
    Path temporary = OwnerOnly.temporary(output);
    // In case patience with a batch ends before it does when the process is to end.
    temporary.toFile().deleteOnExit();
    long n;
    try (Embedder embedder =
        context.engines().openEmbedder(model.settings(EngineSettings.DEFAULT_SEARCH))) {
      n = write(embedder, first, lines, temporary);
    } finally {
      Files.deleteIfExists(temporary);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    spec.commandLine()
        .getErr()
        .println(Problems.line(String.format(Locale.ROOT, "%d texts, %.1f s", n, seconds)));
    return CommandLine.ExitCode.OK;
  }

  private long write(Embedder embedder, List<String> first, LineReader lines, Path temporary)
      throws IOException {
    long n;
    try (FileChannel channel = OwnerOnly.create(temporary);
        VectorWriter writer = VectorWriter.open(output, channel, embedder.space().dimension())) {
      for (List<String> batch = first; !batch.isEmpty(); batch = read(lines)) {
        if (context.cancellation().requested()) {
          throw new CliException("stopped, nothing was written");
        }
        write(writer, embedder.embed(batch));
      }
      finish(writer);
      n = writer.rows();
    }
    OwnerOnly.rename(temporary, output);
    return n;
  }

  private void write(VectorWriter writer, float[][] vectors) throws IOException {
    try {
      for (float[] vector : vectors) {
        writer.write(vector);
      }
    } catch (IOException e) {
      throw Outputs.failed(output, e);
    }
  }

  private void finish(VectorWriter writer) throws IOException {
    try {
      writer.finish();
    } catch (IOException e) {
      throw Outputs.failed(output, e);
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
