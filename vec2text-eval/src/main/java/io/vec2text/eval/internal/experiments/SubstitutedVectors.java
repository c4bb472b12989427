package io.vec2text.eval.internal.experiments;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Inverter;
import io.vec2text.Outcome;
import io.vec2text.Vectors;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * A floor: inverts another vector than the one that is asked for. What it scores, a system scores
 * without knowing anything of the text. Cosines and verdicts are those of the other vector.
 */
final class SubstitutedVectors implements Inverter {
  private final Inverter inverter;
  private final UnaryOperator<float[]> substitute;

  private SubstitutedVectors(Inverter inverter, UnaryOperator<float[]> substitute) {
    this.inverter = inverter;
    this.substitute = substitute;
  }

  /**
   * Inverts random directions of the vector's length; which, depends on the vector and the seed
   * alone.
   */
  static SubstitutedVectors random(Inverter inverter, long seed) {
    return new SubstitutedVectors(
        inverter,
        vector -> {
          Hasher hasher = Hashing.sha256().newHasher().putLong(seed);
          for (float x : vector) {
            hasher.putFloat(x);
          }
          Random random = new Random(hasher.hash().asLong());
          float[] other = new float[vector.length];
          for (int i = 0; i < other.length; i++) {
            other[i] = (float) random.nextGaussian();
          }
          float scale = (float) (Vectors.norm(vector) / Vectors.norm(other));
          for (int i = 0; i < other.length; i++) {
            other[i] *= scale;
          }
          return other;
        });
  }

  /**
   * Inverts the vector of the next text in place of that of a text.
   *
   * @param texts at least two
   * @throws IllegalArgumentException if there are fewer
   */
  static SubstitutedVectors shuffled(Inverter inverter, TargetTexts texts) {
    checkArgument(
        texts.size() > 1, "targets are shuffled among 2 texts or more, found %s", texts.size());
    return new SubstitutedVectors(
        inverter, vector -> texts.vector((texts.nearest(vector) + 1) % texts.size()));
  }

  @Override
  public EmbeddingSpace space() {
    return inverter.space();
  }

  @Override
  public List<Outcome> invertAll(List<float[]> vectors, InversionOptions options) {
    return inverter.invertAll(vectors.stream().map(substitute).toList(), options);
  }
}
