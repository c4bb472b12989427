package io.vec2text.cli;

import static io.vec2text.EmbeddingSpace.Pooling.UNKNOWN;

import io.vec2text.EmbeddingSpace;
import io.vec2text.lm.CausalModel;
import io.vec2text.lm.LanguageModelPackage;
import io.vec2text.lm.PromptEmbedder;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.ModelPackage;
import io.vec2text.onnx.SpaceCreator;
import io.vec2text.sources.ReadOptions;
import io.vec2text.sources.Row;
import io.vec2text.sources.VectorFileException;
import io.vec2text.sources.VectorFiles;
import io.vec2text.sources.VectorReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The embedder whose space it is to be. */
final class EmbedderOptions {
  @CommandLine.Mixin private EndpointOptions endpoint;

  @Option(
      names = "--embedder",
      paramLabel = "<id|dir>",
      description = "Embedder of a package: its model id, or its directory.")
  private @Nullable String embedder;

  @Option(
      names = "--lm",
      paramLabel = "<dir>",
      description = "Package of a language model, whose prompts are to be found.")
  private @Nullable Path languageModel;

  @Option(
      names = "--onnx",
      paramLabel = "<model.onnx>",
      description = "Embedder as an ONNX graph: token ids in, token states out.")
  private @Nullable Path onnx;

  @Option(
      names = "--tokenizer",
      paramLabel = "<tokenizer.json>",
      description = "The tokenizer of --onnx.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--pairs",
      paramLabel = "<vectors>",
      description =
          "Instead of an embedder that can be called: vectors of the --texts, in their order. With"
              + " these alone nothing is found exactly.")
  private @Nullable Path pairs;

  @Option(
      names = "--model-id",
      paramLabel = "<id>",
      description =
          "What to call the model of --onnx, --endpoint or --pairs. Default: the name of the"
              + " graph's file.")
  private @Nullable String modelId;

  @Option(
      names = "--dimension",
      paramLabel = "<n>",
      defaultValue = "384",
      description = "Components of a vector of --onnx or --endpoint. Default: ${DEFAULT-VALUE}.")
  private int dimension;

  @Option(
      names = "--pooling",
      paramLabel = "<pooling>",
      defaultValue = "mean",
      description =
          "How the states of --onnx become a vector: mean, or cls. Default: ${DEFAULT-VALUE}.")
  private EmbeddingSpace.Pooling pooling;

  @Option(
      names = "--prefix",
      paramLabel = "<text>",
      defaultValue = "",
      description = "What comes before each text, for example \"passage: \".")
  private String prefix;

  @Option(
      names = "--token-limit",
      paramLabel = "<n>",
      defaultValue = "512",
      description = "Tokens that --onnx reads. Default: ${DEFAULT-VALUE}.")
  private int tokenLimit;

  /** The endpoint, if it is to be asked. */
  Optional<EndpointOptions.EndpointSettings> endpoint() {
    return endpoint.settings();
  }

  SpaceCreator creator(CommandLine command, Context context, Device device, int threads)
      throws IOException {
    Optional<EndpointOptions.EndpointSettings> server = endpoint.settings();
    if (languageModel != null) {
      Problems.require(
          command.getCommandSpec(),
          server.isEmpty() && embedder == null && onnx == null && pairs == null,
          "--lm, --embedder, --onnx, --endpoint and --pairs are mutually exclusive");
      return SpaceCreator.of(
          new PromptEmbedder(
              CausalModel.open(LanguageModelPackage.open(languageModel), device, threads)));
    }
    if (pairs != null && server.isEmpty() && embedder == null && onnx == null && modelId != null) {
      List<float[]> vectors = vectors(pairs);
      EmbeddingSpace space = EmbeddingSpace.of(modelId, vectors.get(0).length);
      return SpaceCreator.of(space, vectors);
    }
    if (server.isPresent() && embedder == null && onnx == null && modelId != null) {
      return SpaceCreator.of(server.get().open(space(modelId, UNKNOWN), context.cancellation()));
    }
    if (server.isEmpty() && embedder != null && onnx == null) {
      Path directory = Path.of(embedder);
      return SpaceCreator.of(
          Files.isDirectory(directory)
              ? ModelPackage.open(directory)
              : ModelPackage.onClassPath(embedder));
    }
    if (server.isEmpty() && embedder == null && onnx != null && tokenizer != null) {
      Problems.requireExists(onnx);
      Problems.requireExists(tokenizer);
      String name = onnx.getFileName().toString().replaceFirst("\\.onnx$", "");
      return SpaceCreator.of(onnx, tokenizer, space(modelId == null ? name : modelId, pooling));
    }
    throw new CommandLine.ParameterException(
        command,
        "expected one of --embedder=<id|dir>, --onnx=<model.onnx> with"
            + " --tokenizer=<tokenizer.json>, --lm=<dir>, --endpoint=<url> with --model-id=<id>, or"
            + " --pairs=<vectors> with --texts=<texts.txt> and --model-id=<id>");
  }

  private static List<float[]> vectors(Path file) throws IOException {
    List<float[]> vectors = new ArrayList<>();
    try (VectorReader reader = VectorFiles.open(file, ReadOptions.defaults())) {
      for (Row row = reader.next(); row != null; row = reader.next()) {
        if (row instanceof Row.Vector vector) {
          vectors.add(vector.values());
        } else if (row instanceof Row.Malformed malformed) {
          throw new VectorFileException(file.toString(), malformed.problem());
        }
      }
    }
    if (vectors.isEmpty()) {
      throw new VectorFileException(file.toString(), "holds no vectors");
    }
    return vectors;
  }

  private EmbeddingSpace space(String id, EmbeddingSpace.Pooling pooled) {
    return new EmbeddingSpace(id, "", dimension, pooled, true, prefix, tokenLimit);
  }
}
