package io.vec2text.bridge;

import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Inverts vectors of a space whose embedder cannot be called: maps them into the base space, and
 * has an inverter of that space look for texts near the images. An image is only an estimate, so
 * the error that the map leaves is declared as noise, with which no text counts as exact.
 */
final class MappedInverter implements Inverter {
  private final SpaceBridge bridge;
  private final Inverter base;
  private final double noise;

  /**
   * An inverter.
   *
   * @param base of the base space; closed with this one
   * @param noise expected error of an image, relative to its length; in (0, 1)
   */
  MappedInverter(SpaceBridge bridge, Inverter base, double noise) {
    this.bridge = bridge;
    this.base = base;
    this.noise = noise;
  }

  @Override
  public EmbeddingSpace space() {
    return bridge.space();
  }

  @Override
  public List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
    List<float[]> images = new ArrayList<>();
    @Nullable Outcome[] failed = new Outcome[vectors.size()];
    for (int i = 0; i < failed.length; i++) {
      float[] image = new float[0]; // whose error gives way to that of the vector
      try {
        image = bridge.toBase(Vectors.check(vectors.get(i), bridge.space()));
      } catch (IllegalArgumentException e) {
        failed[i] = Outcome.failed(e);
      }
      images.add(image);
    }
    InversionOptions declared =
        options.toBuilder()
            .noise(noise)
            .listener((i, outcome) -> options.listener().finished(i, orElse(failed[i], outcome)))
            .build();
    List<Outcome> outcomes = new ArrayList<>(base.invertAll(images, declared));
    for (int i = 0; i < failed.length; i++) {
      outcomes.set(i, orElse(failed[i], outcomes.get(i)));
    }
    return outcomes;
  }

  private static Outcome orElse(@Nullable Outcome failed, Outcome outcome) {
    return failed == null ? outcome : failed;
  }

  @Override
  public void close() {
    base.close();
  }
}
