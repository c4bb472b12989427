package io.vec2text.cli;

import io.vec2text.Embedder;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.lm.CausalModel;
import io.vec2text.lm.LanguageModelPackage;
import io.vec2text.lm.PromptEmbedder;
import io.vec2text.lm.SurfaceForms;
import io.vec2text.lm.SurfaceInverter;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.Vec2Text;
import io.vec2text.search.Search;
import io.vec2text.search.SearchStatistics;
import io.vec2text.spi.Corrector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds prompts of a language model. Guesses are written in their usual form; prompts whose vectors
 * are asked for are taken as they are.
 */
record LanguageModelEngine(
    Vec2Text models, Inverter inverter, PromptEmbedder embedder, SurfaceForms forms)
    implements Engines.Engine {

  static PromptEmbedder embedder(EngineSettings settings, Path files) {
    return new PromptEmbedder(
        CausalModel.open(
            LanguageModelPackage.open(files),
            Device.parse(settings.device()),
            settings.threads().orElse(0)));
  }

  /**
   * Opens the models of a space.
   *
   * @param files package of the language model
   */
  static LanguageModelEngine open(EngineSettings settings, Path files, Vec2Text.Builder builder) {
    if (!Files.isDirectory(Path.of(settings.model()))) {
      throw new IllegalArgumentException(
          "--lm needs --model=<dir> of its space, which vec2text space create --lm makes");
    }
    PromptEmbedder embedder = embedder(settings, files);
    try {
      SurfaceForms forms = embedder.model().files().surfaceForms();
      Vec2Text models = builder.embedder(SurfaceInverter.guesses(embedder, forms)).open();
      return new LanguageModelEngine(models, new SurfaceInverter(models, forms), embedder, forms);
    } catch (RuntimeException e) {
      embedder.close();
      throw e;
    }
  }

  @Override
  public Inverter inverter(String search) {
    return new SurfaceInverter(models.with(Search.parse(search)), forms);
  }

  @Override
  public Inverter inverter(Embedder oracle) {
    return new SurfaceInverter(models.with(SurfaceInverter.guesses(oracle, forms)), forms);
  }

  @Override
  public Optional<String> variantOf(List<float[]> vectors, InversionOptions options) {
    return models.variantOf(vectors, options);
  }

  @Override
  public SearchStatistics statistics() {
    return models.statistics();
  }

  @Override
  public Corrector corrector() {
    return models.corrector();
  }

  @Override
  public Map<String, String> versions() {
    return models.versions();
  }

  @Override
  public void close() {
    models.close();
  }
}
