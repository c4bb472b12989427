package io.vec2text.cli;

import io.vec2text.Cancellation;
import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.lm.CausalModel;
import io.vec2text.lm.LanguageModelPackage;
import io.vec2text.lm.PromptEmbedder;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.DeviceChoice;
import io.vec2text.onnx.ModelPackage;
import io.vec2text.onnx.OnnxEmbedder;
import io.vec2text.onnx.PackageInfo;
import io.vec2text.onnx.Vec2Text;
import io.vec2text.onnx.Verification;
import io.vec2text.search.Search;
import io.vec2text.search.SearchStatistics;
import io.vec2text.spi.Corrector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Opens the models of vec2text-onnx. */
final class OnnxEngines implements Engines {

  @Override
  public Embedder openEmbedder(EngineSettings settings) {
    if (settings.endpoint().isPresent()) {
      return endpoint(settings);
    }
    if (settings.languageModel().isPresent()) {
      return prompts(settings, settings.languageModel().get());
    }
    DeviceChoice device = DeviceChoice.of(Device.parse(settings.device()));
    Path directory = Path.of(settings.model());
    ModelPackage model =
        Files.isDirectory(directory)
            ? ModelPackage.open(directory, verification(settings))
            : ModelPackage.onClassPath(settings.model());
    ModelPackage oracle = settings.variant().map(model::ofVariant).orElse(model);
    return OnnxEmbedder.open(oracle, device.device(), settings.threads().orElse(0));
  }

  @Override
  public Engine openInverter(EngineSettings settings) {
    Vec2Text.Builder builder =
        Vec2Text.builder()
            .device(Device.parse(settings.device()))
            .threads(settings.threads().orElse(0))
            .search(Search.parse(settings.search()))
            .verification(verification(settings));
    settings.variant().ifPresent(builder::variant);
    Path directory = Path.of(settings.model());
    if (Files.isDirectory(directory)) {
      builder.model(directory);
    } else {
      builder.model(settings.model());
    }
    if (settings.endpoint().isEmpty() && settings.languageModel().isEmpty()) {
      return new OnnxEngine(builder.open(), Optional.empty());
    }
    if (settings.languageModel().isPresent() && !Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "--lm needs --model=<dir> of its space, which vec2text space create --lm makes");
    }
    Optional<PromptEmbedder> prompts =
        settings.languageModel().map(files -> prompts(settings, files));
    Embedder embedder = prompts.isPresent() ? prompts.get() : endpoint(settings);
    try {
      return new OnnxEngine(builder.embedder(embedder).open(), prompts.map(PromptEmbedder::model));
    } catch (RuntimeException e) {
      embedder.close();
      throw e;
    }
  }

  @Override
  public Optional<EmbeddingSpace> space(EngineSettings settings) {
    Path directory = Path.of(settings.model());
    if (Files.isDirectory(directory)) {
      return Optional.of(PackageInfo.of(directory).space());
    }
    String id = settings.model().toLowerCase(Locale.ROOT);
    // All variants of a model have its dimension.
    return ModelPackage.available().stream()
        .filter(space -> ("/" + space.modelId().toLowerCase(Locale.ROOT)).endsWith("/" + id))
        .findFirst();
  }

  /** A language model as an embedder of prompts. */
  private static PromptEmbedder prompts(EngineSettings settings, Path files) {
    return new PromptEmbedder(
        CausalModel.open(
            LanguageModelPackage.open(files),
            Device.parse(settings.device()),
            settings.threads().orElse(0)));
  }

  private Embedder endpoint(EngineSettings settings) {
    EmbeddingSpace space =
        space(settings)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--endpoint needs --model=<dir> of a space, which vec2text space create"
                            + " makes"));
    return settings.endpoint().orElseThrow().open(space, new Cancellation());
  }

  private static Verification verification(EngineSettings settings) {
    return settings.verifyOnce() ? Verification.once() : Verification.always();
  }

  private record OnnxEngine(Vec2Text inverterAndEmbedder, Optional<CausalModel> languageModel)
      implements Engine {
    @Override
    public Inverter inverter() {
      return inverterAndEmbedder;
    }

    @Override
    public Inverter inverter(String search) {
      return inverterAndEmbedder.with(Search.parse(search));
    }

    @Override
    public Inverter inverter(Embedder oracle) {
      return inverterAndEmbedder.with(oracle);
    }

    @Override
    public Optional<String> variantOf(List<float[]> vectors, InversionOptions options) {
      return inverterAndEmbedder.variantOf(vectors, options);
    }

    @Override
    public SearchStatistics statistics() {
      return inverterAndEmbedder.statistics();
    }

    @Override
    public Corrector corrector() {
      return inverterAndEmbedder.corrector();
    }

    @Override
    public Map<String, String> versions() {
      return inverterAndEmbedder.versions();
    }

    @Override
    public Embedder embedder() {
      Embedder embedder = inverterAndEmbedder.embedder();
      EmbeddingSpace space = inverterAndEmbedder.space();
      if (!embedder.space().modelId().equals(space.modelId())) {
        throw new CliException(
            "the package of "
                + space.modelId()
                + " has no embedder, which texts need; --embedder"
                + " of vec2text eval names another package's");
      }
      return embedder;
    }

    @Override
    public void close() {
      inverterAndEmbedder.close();
    }
  }
}
