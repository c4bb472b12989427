package io.vec2text.search;

import io.vec2text.Vectors;
import io.vec2text.spi.TokenContributions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a target vector. Guesses are compared with it in the same form, while the models
 * are shown the whole vector that is expected behind it.
 */
sealed interface VectorForm
    permits VectorForm.Whole, VectorForm.Leading, VectorForm.Centred, Signs {
  /** A guess's vector in this form. */
  float[] of(float[] embedding);

  /**
   * Cosine of a guess's vector with the target.
   *
   * @param target in this form
   * @param embedding as the embedder gave it
   */
  default double cosine(float[] target, float[] embedding) {
    return Vectors.cosine(target, of(embedding));
  }

  /** What a search learns from of a guess's vector; the same as it is compared in by default. */
  default float[] learned(float[] embedding) {
    return of(embedding);
  }

  /**
   * What a target says of the whole vector that it was made of; both of unit length.
   *
   * @param whole the whole vector that is expected
   * @param aim what {@link #learned} vectors are to approach
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Estimate(float[] whole, float[] aim) {}

  /**
   * What the target says of the whole vector.
   *
   * @param target in this form
   * @param best the unit vector of the closest text so far, if there is one
   * @param cosine its cosine with the target
   */
  default Estimate estimate(float[] target, float @Nullable [] best, double cosine) {
    return new Estimate(target, target);
  }

  /**
   * What a nat of fluency is worth in cosine: {@code weight} at cosine 0, and less the closer the
   * best text so far is, as then the vector counts.
   *
   * @param cosine of the best text so far, -1 if there is none
   */
  default double fluencyWeight(double weight, double cosine) {
    return weight * (1 - cosine);
  }

  /**
   * Whether so many components distinguish a text from its closest neighbours: of fewer, wrong ones
   * may have the very same.
   */
  default boolean decides(int components) {
    return components >= 16;
  }

  /** What words add to a vector in the form that a search learns from. */
  default TokenContributions words(TokenContributions words) {
    return words;
  }

  /** All of it is there. */
  record Whole() implements VectorForm {
    @Override
    public float[] of(float[] embedding) {
      return embedding;
    }
  }

  /**
   * The first components; the others are zeros here.
   *
   * @param known how many
   * @param norm length of these in a vector of length 1
   * @param gaussian completes them, if there are statistics
   */
  record Leading(int known, double norm, @Nullable Gaussian gaussian) implements VectorForm {
    @Override
    public float[] of(float[] embedding) {
      float[] part = new float[embedding.length];
      System.arraycopy(embedding, 0, part, 0, known);
      return part;
    }

    @Override
    public Estimate estimate(float[] target, float @Nullable [] best, double cosine) {
      if (gaussian == null) {
        return new Estimate(target, target);
      }
      float[] scaled = new float[target.length];
      Surrogate.add(scaled, (float) norm, target);
      float[] whole = gaussian.complete(scaled, known, best == null ? gaussian.mean() : best);
      return new Estimate(Vectors.unit(whole), target);
    }

    @Override
    public TokenContributions words(TokenContributions words) {
      return new TokenContributions() {
        @Override
        public float[] of(int token) {
          float[] scaled = new float[words.of(token).length];
          Surrogate.add(scaled, (float) (1 / norm), Leading.this.of(words.of(token)));
          return scaled;
        }

        @Override
        public List<Integer> nearest(float[] direction, int most) {
          return words.nearest(direction, most);
        }
      };
    }
  }

  /**
   * The difference from a mean.
   *
   * @param mean what was subtracted
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Centred(float[] mean) implements VectorForm {
    @Override
    public float[] of(float[] embedding) {
      return Vectors.subtract(Vectors.unit(embedding), mean);
    }

    @Override
    public Estimate estimate(float[] target, float @Nullable [] best, double cosine) {
      // Of all x with |x| = 1 the one whose difference from the mean has the target's direction.
      double along = Vectors.dot(target, mean);
      double length = -along + Math.sqrt(Math.max(0, along * along + 1 - Vectors.dot(mean, mean)));
      float[] whole = mean.clone();
      Surrogate.add(whole, (float) length, target);
      return new Estimate(Vectors.unit(whole), target);
    }
  }
}
