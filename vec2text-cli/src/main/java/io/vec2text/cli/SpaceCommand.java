package io.vec2text.cli;

import io.vec2text.bridge.BridgeFit;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.SpaceCreator;
import io.vec2text.onnx.SpaceMatch;
import io.vec2text.sources.LineReader;
import io.vec2text.sources.VectorFileException;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vec2text space}: spaces for which there are no models. */
@Command(
    name = "space",
    description = "Makes the vectors of any embedder invertible.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class SpaceCommand implements Callable<Integer> {
  private static final int MAX_LINE = 1 << 20;

  /** Of English text, roughly. */
  private static final int CHARACTERS_PER_TOKEN = 4;

  /** Tokens of the base vocabulary. */
  private static final int VOCABULARY = 30_522;

  /** Vectors that are compared at most. */
  private static final int COMPARED = 200;

  private final Context context;
  @Spec private CommandSpec spec;

  SpaceCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return CommandLine.ExitCode.OK;
  }

  /** Learns a bridge. */
  @Command(
      name = "create",
      description = {
        "Makes a package for an embedder that has no models: embeds texts with it and with",
        "all-MiniLM-L6-v2, and learns a map from the one space to the other. Nothing is trained."
      },
      footer = {
        "",
        "A run that is stopped or killed goes on where it was when the same command is given",
        "again: no text is embedded twice."
      },
      mixinStandardHelpOptions = true)
  int create(
      @CommandLine.Mixin EmbedderOptions embedder,
      @Option(
              names = "--texts",
              paramLabel = "<texts.txt>",
              description =
                  "Texts to learn from, one a line, like those that are to be found. Default:"
                      + " 20,000 sentences that come with this program.")
          @Nullable Path texts,
      @Option(
              names = "--count",
              paramLabel = "<n>",
              description = "Use the first texts only. Default: all.")
          @Nullable Integer count,
      @Option(
              names = "--without-tokens",
              description =
                  "Do not embed the 30,522 tokens of the vocabulary, too, each as a text of its"
                      + " own: cheaper, but rare words are found less often.")
          boolean withoutTokens,
      @Option(
              names = "--base",
              paramLabel = "<id>",
              description =
                  "Package on the class path whose models are used. Default: that of"
                      + " all-MiniLM-L6-v2.")
          @Nullable String base,
      @Option(
              names = "--output",
              required = true,
              paramLabel = "<dir>",
              description = "The package: a directory that does not exist yet, for --model.")
          Path output,
      @Option(
              names = "--device",
              paramLabel = "<device>",
              defaultValue = "auto",
              description = "auto, cpu, cuda or cuda:N. Default: ${DEFAULT-VALUE}.")
          String device,
      @Option(
              names = "--threads",
              paramLabel = "<n>",
              defaultValue = "0",
              description = "Processor threads. Default: one a core.")
          int threads)
      throws IOException {
    long start = System.nanoTime();
    SpaceCreator creator =
        embedder
            .creator(spec.commandLine(), context, Device.parse(device), threads)
            .device(Device.parse(device))
            .threads(threads)
            .embedTokens(!withoutTokens)
            .cancellation(context.cancellation());
    if (texts != null) {
      creator.texts(read(texts));
    }
    if (count != null) {
      creator.limit(count);
    }
    if (base != null) {
      creator.base(base);
    }
    Optional<EndpointOptions.EndpointSettings> server = embedder.endpoint();
    if (server.isPresent()) {
      estimate(creator, server.get(), withoutTokens);
    }
    BridgeFit fit = creator.listener(this::show).create(output);
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: %,d texts, mapped vectors have cosine %.3f with the base model's, contributions of"
                + " tokens explain %.3f of the variance (both on texts held out); %.0f s%n",
            output,
            fit.pairs(),
            fit.cosine(),
            fit.explained(),
            (System.nanoTime() - start) / 1e9);
    return CommandLine.ExitCode.OK;
  }

  /** Says beforehand what the endpoint will be asked, and what that may cost. */
  private void estimate(
      SpaceCreator creator, EndpointOptions.EndpointSettings settings, boolean withoutTokens) {
    List<String> texts = creator.distinctTexts();
    long characters = texts.stream().mapToLong(String::length).sum();
    long tokens = characters / CHARACTERS_PER_TOKEN + (withoutTokens ? 0 : 2 * VOCABULARY);
    double cost = settings.price() * tokens / 1e6;
    String estimate =
        String.format(
            Locale.ROOT,
            "%,d texts%s, about %,d tokens, about %.2f at the price given",
            texts.size(),
            withoutTokens ? "" : String.format(Locale.ROOT, " and %,d single tokens", VOCABULARY),
            tokens,
            cost);
    if (cost > settings.cap()) {
      throw new CliException(
          String.format(
              Locale.ROOT,
              "%s: more than the --spending-cap of %.2f; --count and --without-tokens make it less",
              estimate,
              settings.cap()));
    }
    spec.commandLine().getErr().println(Problems.line(estimate));
  }

  private void show(SpaceCreator.Stage stage, int done, int all) {
    EvalProgress progress = new EvalProgress(context.terminal().error());
    switch (stage) {
      case EMBEDDING -> progress.progress("texts embedded:", done, all);
      case EMBEDDING_TOKENS -> progress.progress("tokens embedded:", done, all);
      case EMBEDDING_BASE -> progress.progress("texts embedded by the base model:", done, all);
      case FITTING -> {
        if (context.terminal().error()) {
          spec.commandLine().getErr().println("learning the bridge, which takes some minutes");
        }
      }
    }
  }

  /** Compares vectors with known spaces. */
  @Command(
      name = "identify",
      description = {
        "Tells which model made vectors, of those whose packages are there: by where they lie.",
        "Status 1 if it is none of them."
      },
      mixinStandardHelpOptions = true)
  int identify(
      @CommandLine.Mixin VectorOptions vectors,
      @Option(
              names = "--space",
              paramLabel = "<dir>",
              description = "Compare with the space of this package, too. Can be repeated.")
          @Nullable List<Path> spaces)
      throws IOException {
    vectors.check(false);
    List<float[]> some;
    try (VectorReader reader = vectors.open(context, Optional.empty())) {
      some = new Windows(reader, COMPARED).first(COMPARED);
    }
    if (some.isEmpty()) {
      throw new VectorFileException(vectors.name(), "holds no vectors");
    }
    List<SpaceMatch> matches = SpaceMatch.of(some, spaces == null ? List.of() : spaces);
    PrintWriter out = spec.commandLine().getOut();
    for (SpaceMatch match : matches) {
      out.printf(
          Locale.ROOT,
          "%-9s %s: distance %.2f, own vectors have up to %.2f; %.0f %% of %d vectors may be its%n",
          match.plausible() ? "plausible" : "no",
          match.space(),
          match.distance(),
          match.limit(),
          100 * match.share(),
          some.size());
    }
    if (matches.stream().noneMatch(SpaceMatch::plausible)) {
      out.printf(
          "unknown   none of the spaces there are; vec2text space create makes one for an embedder"
              + " that you have%n");
      return CommandLine.ExitCode.SOFTWARE;
    }
    return CommandLine.ExitCode.OK;
  }

  private static List<String> read(Path file) throws IOException {
    Problems.requireExists(file);
    List<String> texts = new ArrayList<>();
    try (LineReader lines = LineReader.open(file, MAX_LINE)) {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        texts.add(lines.decode(line));
      }
    }
    if (texts.isEmpty()) {
      throw new VectorFileException(file.toString(), "is empty");
    }
    return texts;
  }
}
