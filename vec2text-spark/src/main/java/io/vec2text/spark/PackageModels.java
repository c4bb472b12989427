package io.vec2text.spark;

import io.vec2text.Inverter;
import io.vec2text.onnx.Vec2Text;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model package on the executors' class path or in a directory of theirs.
 *
 * @param model its id, or the directory
 * @param inDirectory which of both
 * @param variant of the embedding model; null for the package's own
 */
record PackageModels(String model, boolean inDirectory, @Nullable String variant)
    implements InverterFactory {

  @Override
  public Inverter open(int threads) {
    Vec2Text.Builder builder = Vec2Text.builder().threads(threads);
    if (inDirectory) {
      builder.model(Path.of(model));
    } else {
      builder.model(model);
    }
    if (variant != null) {
      builder.variant(variant);
    }
    return builder.open();
  }
}
