package io.vec2text.spark;

import io.vec2text.Inverter;
import io.vec2text.search.IterativeInverter;
import io.vec2text.testing.ToyCorrector;
import io.vec2text.testing.ToyEmbedder;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Opens the toys, and counts how often.
 *
 * @param name tells factories apart
 */
record ToyModels(String name) implements InverterFactory {
  static final AtomicInteger OPENED = new AtomicInteger();

  @Override
  public Inverter open(int threads) {
    OPENED.incrementAndGet();
    return openToys(threads);
  }

  static Inverter openToys(int threads) {
    ToyEmbedder embedder = new ToyEmbedder();
    return IterativeInverter.builder(embedder, new ToyCorrector(embedder)).threads(threads).build();
  }
}
