package io.vec2text.bench;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.io.Resources;
import io.vec2text.Embedder;
import io.vec2text.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What the benchmarks work on: sentences of the development set, of all lengths from 4 to 32. */
public final class Sentences {
  private static final String RESOURCE = "io/vec2text/eval/wikipedia-dev.tsv";
  private static final long SEED = 1;
  private static final double NOISE = 0.05;

  private Sentences() {}

  /** Sentences at even distances in the set, shuffled; the same ones each time. */
  static List<String> some(int count) {
    List<String> lines;
    try {
      lines = Resources.readLines(Resources.getResource(RESOURCE), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    checkArgument(
        count > 0 && count <= lines.size(), "count must be 1 to %s, was %s", lines.size(), count);
    List<String> some = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String line = lines.get((int) ((long) i * lines.size() / count));
      some.add(line.substring(line.indexOf('\t') + 1));
    }
    Collections.shuffle(some, new Random(SEED));
    return some;
  }

  /**
   * Vectors at cosine 0.9988 of those of sentences. They look real to a search, yet no text has
   * them, so that no search ends early with an exact hit and every run does the same work.
   */
  public static List<float[]> nearlyEmbedded(Embedder embedder, int count) {
    Random random = new Random(SEED);
    List<float[]> targets = new ArrayList<>();
    for (float[] vector : embedder.embed(some(count))) {
      float[] noise = new float[vector.length];
      for (int i = 0; i < noise.length; i++) {
        noise[i] = (float) random.nextGaussian();
      }
      double scale = NOISE / Vectors.norm(noise);
      float[] target = new float[vector.length];
      for (int i = 0; i < target.length; i++) {
        target[i] = (float) (vector[i] + scale * noise[i]);
      }
      targets.add(Vectors.unit(target));
    }
    return targets;
  }
}
