package io.vec2text.search;

import io.vec2text.Vectors;
import io.vec2text.spi.TokenContributions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a target vector. Guesses are compared with it in the same form, while the models
 * are shown the whole vector that is most likely behind it.
 */
sealed interface VectorForm {
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
   * The whole vector that is most likely behind the target.
   *
   * @param target in this form
   * @param best the unit vector of a text that is close, if there is one
   * @param cosine its cosine with the target
   */
  default float[] whole(float[] target, float @Nullable [] best, double cosine) {
    return target;
  }

  /**
   * What {@link #learned} vectors are to approach.
   *
   * @param target in this form
   * @param whole what {@link #whole} is
   */
  default float[] aim(float[] target, float[] whole) {
    return target;
  }

  /**
   * Whether so many components tell a text from its closest neighbours: of fewer, wrong ones may
   * have the very same.
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
    public float[] whole(float[] target, float @Nullable [] best, double cosine) {
      if (gaussian == null) {
        return target;
      }
      float[] scaled = new float[target.length];
      Surrogate.add(scaled, (float) norm, target);
      return Vectors.unit(gaussian.complete(scaled, known, best == null ? gaussian.mean() : best));
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
    public float[] whole(float[] target, float @Nullable [] best, double cosine) {
      // Of all x with |x| = 1 the one whose difference from the mean has the target's direction.
      double along = Vectors.dot(target, mean);
      double length = -along + Math.sqrt(Math.max(0, along * along + 1 - Vectors.dot(mean, mean)));
      float[] whole = mean.clone();
      Surrogate.add(whole, (float) length, target);
      return Vectors.unit(whole);
    }
  }

  /**
   * The signs. What the cosine of the whole vectors would be is estimated from the share of signs
   * that agree (Charikar 2002): 1 if all do.
   *
   * @param known components whose signs mean something
   * @param gaussian completes them, if there are statistics
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Signs(boolean[] known, @Nullable Gaussian gaussian) implements VectorForm {
    /** Cosine that the estimate from the signs alone has with the true vector, about. */
    private static final double OF_ESTIMATE = 0.85;

    @Override
    public float[] of(float[] embedding) {
      float[] signs = new float[embedding.length];
      for (int i = 0; i < signs.length; i++) {
        signs[i] = embedding[i] > 0 ? 1 : -1;
      }
      return signs;
    }

    @Override
    public double cosine(float[] target, float[] embedding) {
      int all = 0;
      int differ = 0;
      for (int i = 0; i < target.length; i++) {
        if (known[i]) {
          all++;
          differ += (embedding[i] > 0) == (target[i] > 0) ? 0 : 1;
        }
      }
      return all == 0 ? 0 : Math.cos(Math.PI * differ / all);
    }

    @Override
    public float[] learned(float[] embedding) {
      return embedding;
    }

    @Override
    public boolean decides(int components) {
      return components >= 256;
    }

    @Override
    public float[] aim(float[] target, float[] whole) {
      return whole;
    }

    @Override
    public float[] whole(float[] target, float @Nullable [] best, double cosine) {
      if (best != null && cosine > OF_ESTIMATE) {
        return around(target, best, cosine);
      }
      return gaussian == null ? target : gaussian.ofSigns(of(target));
    }

    /** The mean of the vectors around a text's, as far from it as it seems, that have the signs. */
    private float[] around(float[] target, float[] best, double cosine) {
      double deviation = Math.sqrt((1 / (cosine * cosine) - 1) / best.length) + 1e-6;
      float[] whole = best.clone();
      for (int i = 0; i < whole.length; i++) {
        if (known[i]) {
          double sign = Math.signum(target[i]);
          whole[i] += (float) (sign * deviation * Normal.hazard(sign * best[i] / deviation));
        }
      }
      return Vectors.unit(whole);
    }
  }
}
