package io.vec2text.onnx;

import io.vec2text.Cancellation;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A package that was checked: every hash, every graph with its tensors, the tokenizers, and a word
 * or two written by its models.
 *
 * @param info the package
 * @param hashing how long it took to verify the files
 * @param loading how long it took to load the models
 */
public record PackageCheck(PackageInfo info, Duration hashing, Duration loading) {
  private static final int FEW_TOKENS = 2;

  /**
   * Checks the package in a directory, in a process of its own: the Java of this one, with its
   * class path. A package that ends the process that loads it is refused like any other; what it
   * does to that process harms nobody else.
   *
   * @param device where to load it; {@link Device#AUTO} and {@link Device#CPU} as elsewhere
   * @param threads threads of a run; 0 for one a core
   * @throws ModelFormatException naming what is wrong, what was found and what was expected
   */
  public static PackageCheck apart(Path directory, Device device, int threads) {
    try (CheckProcess process = new CheckProcess()) {
      return process.check(directory, device, threads);
    }
  }

  /**
   * Checks the package in a directory, in this process.
   *
   * @param device where to load it; {@link Device#AUTO} and {@link Device#CPU} as elsewhere
   * @param threads threads of a run; 0 for one a core
   * @throws ModelFormatException naming what is wrong, what was found and what was expected
   * @throws io.vec2text.onnx.DeviceException if the device can't be used
   */
  public static PackageCheck run(Path directory, Device device, int threads) {
    Device chosen = DeviceChoice.of(device).device();
    long start = System.nanoTime();
    ModelPackage model = ModelPackage.open(directory);
    long hashed = System.nanoTime();
    OnnxEmbedder embedder = model.hasEmbedder() ? OnnxEmbedder.open(model, chosen, threads) : null;
    try (embedder;
        Corrector corrector =
            model.canInvert() ? Models.open(model, embedder, chosen, threads).corrector() : null) {
      long loaded = System.nanoTime();
      float[] vector = new float[model.space().dimension()];
      vector[0] = 1;
      if (embedder != null) {
        vector = embedder.embed(List.of("a"))[0];
      }
      if (corrector != null) {
        corrector.correct(
            List.of(Corrector.Request.first(vector, 0)),
            new Decoding.Beam(1, 0, FEW_TOKENS),
            new Cancellation());
      }
      return new PackageCheck(
          PackageInfo.of(directory),
          Duration.ofNanos(hashed - start),
          Duration.ofNanos(loaded - hashed));
    }
  }
}
