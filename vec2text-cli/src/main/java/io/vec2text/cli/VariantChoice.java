package io.vec2text.cli;

import io.vec2text.InversionOptions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Opens models, whose variant may have to be told from the first vectors by a search with each.
 *
 * @param engines opens models
 * @param options the options of the searches
 * @param say hears which variant it is
 */
record VariantChoice(Engines engines, InversionOptions options, Consumer<String> say) {
  /** The variant that is to be told from the vectors. */
  static final String TELL = "auto";

  /** Vectors that it is told from. */
  private static final int TOLD_FROM = 8;

  /** Opens the models for vectors. */
  Engines.Engine open(EngineSettings settings, Windows windows) throws IOException {
    if (!settings.variant().equals(Optional.of(TELL))) {
      return engines.openInverter(settings);
    }
    Engines.Engine own = engines.openInverter(settings.withVariant(Optional.empty()));
    Optional<String> other;
    try {
      String variant = own.inverter().space().variant();
      other = tell(own, windows.first(TOLD_FROM)).filter(told -> !told.equals(variant));
    } catch (IOException | RuntimeException e) {
      own.close();
      throw e;
    }
    if (other.isEmpty()) {
      return own;
    }
    own.close();
    return engines.openInverter(settings.withVariant(other));
  }

  /** Searches for vectors with all variants; empty if that tells nothing. */
  private Optional<String> tell(Engines.Engine engine, List<float[]> vectors) {
    Optional<String> variant = engine.variantOf(vectors, options);
    say.accept(
        variant
            .map(v -> "variant " + v + ": a text was found exactly with it")
            .orElse(
                "variant not detected, the package's own is used: of the first "
                    + vectors.size()
                    + " vectors no text was found exactly"));
    return variant;
  }
}
