package io.vec2text.onnx;

import io.vec2text.Embedder;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.Verdict;
import io.vec2text.search.IterativeInverter;
import io.vec2text.search.Search;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Searches with each variant of an embedding model on the class path, until a text is found.
 *
 * @param inverter of one variant
 * @param search its search
 * @param threads of the embedders of the others
 */
record VariantDetector(Vec2Text inverter, Search search, int threads) {

  /** The variant that made the vectors; empty if no text was found exactly. */
  Optional<String> detect(List<float[]> vectors, InversionOptions options) {
    EmbeddingSpace own = inverter.space();
    Map<String, Embedder> others = new LinkedHashMap<>();
    try {
      for (float[] vector : vectors) {
        if (found(inverter, vector, options)) {
          return Optional.of(own.variant());
        }
        for (EmbeddingSpace other : ModelPackage.available()) {
          if (other.modelId().equals(own.modelId())
              && !other.variant().equals(own.variant())
              && found(others.computeIfAbsent(other.variant(), this::open), vector, options)) {
            return Optional.of(other.variant());
          }
        }
      }
      return Optional.empty();
    } finally {
      others.values().forEach(Embedder::close);
    }
  }

  private Embedder open(String variant) {
    return OnnxEmbedder.open(inverter.model().ofVariant(variant), inverter.device(), threads);
  }

  /** Searches with another embedder; neither it nor the corrector is closed. */
  private boolean found(Embedder oracle, float[] vector, InversionOptions options) {
    return found(
        IterativeInverter.builder(oracle, inverter.corrector()).search(search).build(),
        vector,
        options);
  }

  private static boolean found(Inverter inverter, float[] vector, InversionOptions options) {
    Outcome outcome = inverter.invertAll(List.of(vector), options).get(0);
    return outcome.result().filter(r -> r.verdict() == Verdict.EXACT).isPresent();
  }
}
