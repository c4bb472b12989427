package io.vec2text.cli;

import io.vec2text.internal.OwnerOnly;
import io.vec2text.lm.CausalModel;
import io.vec2text.lm.LanguageModelPackage;
import io.vec2text.lm.NextTokenDistribution;
import io.vec2text.lm.ShownPart;
import io.vec2text.lm.server.Capabilities;
import io.vec2text.lm.server.ModelServer;
import io.vec2text.onnx.Device;
import io.vec2text.sources.LineReader;
import io.vec2text.sources.VectorFileException;
import io.vec2text.sources.VectorWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vec2text lm observe}: prompts to distributions. */
@Command(
    name = "observe",
    description = "Writes how likely each token is to follow a prompt, as an attacker sees it.",
    footer = {
      "",
      "The output appears under its name only when it is complete, and can be read by you alone."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class LmObserveCommand implements Callable<Integer> {
  private static final int MAX_LINE = 1 << 20;

  private final Context context;

  @Spec private CommandSpec spec;

  @Mixin private ServerFlags server;
  @Mixin private AnsweringOptions answering;

  @Option(names = "--lm", paramLabel = "<dir>", description = "Package of the language model.")
  private @Nullable Path languageModel;

  @Option(
      names = "--prompt",
      paramLabel = "<text>",
      description = "A prompt, without the chat template; can be repeated.")
  private List<String> given = List.of();

  @Option(names = "--prompts", paramLabel = "<file>", description = "Prompts, one a line.")
  private @Nullable Path file;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "<file.npy>",
      description =
          "Natural log-probabilities, float32 [prompts, vocabulary]; what is not to be seen is"
              + " -inf.")
  private Path output;

  @Option(
      names = "--top",
      paramLabel = "<k>",
      description = "Only those of the k most probable tokens. Default: all.")
  private @Nullable Integer top;

  @Option(
      names = "--threads",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "Processor threads. Default: one a core.")
  private int threads;

  @Option(names = "--force", description = "Replace the output if it exists.")
  private boolean force;

  LmObserveCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Problems.require(
        spec,
        server.given() == (languageModel == null),
        "expected either --lm=<dir> or --endpoint=<url>");
    Problems.require(
        spec,
        languageModel != null
            || (top == null && answering.decimals().isEmpty() && answering.temperature().isEmpty()),
        "--top, --decimals and --temperature are of --lm; a server shows what it shows");
    Problems.require(
        spec, given.isEmpty() != (file == null), "expected either --prompt or --prompts=<file>");
    Problems.require(
        spec,
        output.toString().toLowerCase(Locale.ROOT).endsWith(".npy"),
        "--output must end in .npy, was " + output);
    answering.check();
    Problems.require(spec, top == null || top > 1, "--top must be at least 2, was " + top);
    Path directory = languageModel;
    Inputs inputs = new Inputs().file(file).file(server.tokenizer());
    if (directory != null) {
      inputs.model(directory);
    }
    try (Outputs outputs = new Outputs(inputs)) {
      outputs.claim(output, force, "--force replaces it");
      List<String> prompts = file == null ? given : read(file);
      String said = directory == null ? askServer(outputs, prompts) : runModel(directory, prompts);
      spec.commandLine().getErr().println(Problems.line(said));
      return CommandLine.ExitCode.OK;
    }
  }

  /** What gives the distribution after a prompt. */
  private interface Observer {
    NextTokenDistribution after(String prompt);
  }

  private String runModel(Path directory, List<String> prompts) throws IOException {
    LanguageModelPackage files = LanguageModelPackage.open(directory);
    ShownPart shown =
        new ShownPart(
            answering.temperature().orElse(1.0), Optional.ofNullable(top), answering.decimals());
    try (CausalModel model = CausalModel.open(files, Device.AUTO, threads)) {
      write(files.vocabulary(), prompts, prompt -> shown.of(model.distribution(prompt)));
    }
    return output + ": " + prompts.size() + " distributions";
  }

  private String askServer(Outputs outputs, List<String> prompts) throws IOException {
    try (ModelServer open = server.open(outputs, context.cancellation())) {
      Capabilities shown = open.examine(prompts.get(0));
      ServerObserver observer = new ServerObserver(open, shown, prompts.size());
      write(shown.vocabulary(), prompts, observer::after);
      return output + ": " + observer.summary();
    }
  }

  private void write(int vocabulary, List<String> prompts, Observer observer) throws IOException {
    Path temporary = OwnerOnly.temporary(output);
    temporary.toFile().deleteOnExit();
    try {
      try (FileChannel channel = OwnerOnly.create(temporary);
          VectorWriter writer = VectorWriter.open(output, channel, vocabulary)) {
        for (String prompt : prompts) {
          if (context.cancellation().requested()) {
            throw new CliException("stopped, nothing was written");
          }
          writer.write(row(observer.after(prompt)));
        }
        writer.finish();
      }
      OwnerOnly.rename(temporary, output);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static float[] row(NextTokenDistribution seen) {
    float[] row = new float[seen.vocabulary()];
    Arrays.fill(row, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < seen.tokens().length(); i++) {
      row[seen.tokens().get(i)] = (float) seen.logProbabilities().get(i);
    }
    return row;
  }

  private static List<String> read(Path file) throws IOException {
    Problems.requireExists(file);
    List<String> prompts = new ArrayList<>();
    try (LineReader lines = LineReader.open(file, MAX_LINE)) {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        prompts.add(lines.decode(line));
      }
    }
    if (prompts.isEmpty()) {
      throw new VectorFileException(file.toString(), "is empty");
    }
    return prompts;
  }
}
