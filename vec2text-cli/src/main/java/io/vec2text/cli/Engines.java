package io.vec2text.cli;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.lm.CausalModel;
import io.vec2text.search.SearchStatistics;
import io.vec2text.spi.Corrector;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens models. The only place where the command line meets natives; tests put toys here. */
interface Engines {

  /**
   * Opens an embedder.
   *
   * @throws IllegalArgumentException if a setting names nothing
   * @throws io.vec2text.Vec2TextException if the model or the device can't be used
   */
  Embedder openEmbedder(EngineSettings settings);

  /**
   * Opens an inverter and the embedder that it compares with.
   *
   * @throws IllegalArgumentException if a setting names nothing
   * @throws io.vec2text.Vec2TextException if the model or the device can't be used
   */
  Engine openInverter(EngineSettings settings);

  /** The space of a model, where that is known without opening it. */
  Optional<EmbeddingSpace> space(EngineSettings settings);

  /** An inverter and its embedder, closed together. */
  interface Engine extends AutoCloseable {
    /** The inverter. */
    Inverter inverter();

    /**
     * An inverter of the same models with another search; it need not be closed.
     *
     * @param search text of {@code Search.parse}
     * @throws IllegalArgumentException if it names no search
     */
    Inverter inverter(String search);

    /** An inverter that compares its guesses by another embedder; it need not be closed. */
    Inverter inverter(Embedder oracle);

    /** Which variant of the model made vectors; empty if no text was found exactly. */
    Optional<String> variantOf(List<float[]> vectors, InversionOptions options);

    /** What the inverter's searches spent so far, and which sources of candidates paid off. */
    SearchStatistics statistics();

    /** What writes guesses and corrections for the inverter. */
    Corrector corrector();

    /** The language model whose prompts are to be found, if it is one; closed with this. */
    Optional<CausalModel> languageModel();

    /** Versions of the models and of the runtime, by name. */
    Map<String, String> versions();

    /** The embedder of the inverter's space. */
    Embedder embedder();

    @Override
    void close();
  }
}
