package io.vec2text.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the user chose of an engine, as text where only the engine knows the choices.
 *
 * @param model model id or package directory
 * @param variant variant of the embedding model; empty for the package's own
 * @param verifyOnce whether files of a package in a directory are trusted once they were verified
 * @param device text of {@code Device.parse}
 * @param threads processor threads; empty for the default
 * @param search text of {@code Search.parse}; embedders don't care
 * @param endpoint where to embed; empty for the package's own embedder
 * @param languageModel package of the language model whose prompts are to be found; empty for an
 *     embedder
 */
record EngineSettings(
    String model,
    Optional<String> variant,
    boolean verifyOnce,
    String device,
    OptionalInt threads,
    String search,
    Optional<EndpointOptions.EndpointSettings> endpoint,
    Optional<Path> languageModel) {
  /** The model whose package is on the class path of the runnable jar. */
  static final String DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2";

  /** The search that this project recommends. */
  static final String DEFAULT_SEARCH = "pool";

  /** The same with another model. */
  EngineSettings withModel(String other) {
    return new EngineSettings(
        other, variant, verifyOnce, device, threads, search, endpoint, languageModel);
  }

  /** An embedder's package as it is, searched otherwise. */
  EngineSettings ofEmbedder(String other, String otherSearch) {
    return new EngineSettings(
        other,
        Optional.empty(),
        false,
        device,
        threads,
        otherSearch,
        Optional.empty(),
        Optional.empty());
  }

  /** The same with another variant. */
  EngineSettings withVariant(Optional<String> other) {
    return new EngineSettings(
        model, other, verifyOnce, device, threads, search, endpoint, languageModel);
  }
}
