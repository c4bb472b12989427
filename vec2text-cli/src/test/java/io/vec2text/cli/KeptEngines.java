package io.vec2text.cli;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.lm.CausalModel;
import io.vec2text.search.SearchStatistics;
import io.vec2text.spi.Corrector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The real engines, of which inverters are opened once and serve all commands of a test class:
 * opening takes more time than most tests have work.
 */
final class KeptEngines implements Engines, AutoCloseable {
  private final Engines engines = new OnnxEngines();
  private final Map<EngineSettings, Engine> kept = new HashMap<>();

  @Override
  public Embedder openEmbedder(EngineSettings settings) {
    return engines.openEmbedder(settings);
  }

  @Override
  public Engine openInverter(EngineSettings settings) {
    return new Lent(kept.computeIfAbsent(settings, engines::openInverter));
  }

  @Override
  public Optional<EmbeddingSpace> space(EngineSettings settings) {
    return engines.space(settings);
  }

  @Override
  public void close() {
    kept.values().forEach(Engine::close);
    kept.clear();
  }

  /** An engine that stays open. */
  static class Lent implements Engine {
    private final Engine engine;

    Lent(Engine engine) {
      this.engine = engine;
    }

    @Override
    public Inverter inverter() {
      return engine.inverter();
    }

    @Override
    public Inverter inverter(String search) {
      return engine.inverter(search);
    }

    @Override
    public Inverter inverter(Embedder oracle) {
      return engine.inverter(oracle);
    }

    @Override
    public Optional<String> variantOf(List<float[]> vectors, InversionOptions options) {
      return engine.variantOf(vectors, options);
    }

    @Override
    public SearchStatistics statistics() {
      return engine.statistics();
    }

    @Override
    public Corrector corrector() {
      return engine.corrector();
    }

    @Override
    public Optional<CausalModel> languageModel() {
      return engine.languageModel();
    }

    @Override
    public Map<String, String> versions() {
      return engine.versions();
    }

    @Override
    public Embedder embedder() {
      return engine.embedder();
    }

    @Override
    public void close() {}
  }
}
