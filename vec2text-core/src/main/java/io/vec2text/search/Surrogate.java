package io.vec2text.search;

import com.google.common.primitives.ImmutableLongArray;
import io.vec2text.Vectors;
import io.vec2text.spi.TokenContributions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Predicts how much closer to the target a text that was never embedded lies than one that was, the
 * origin: the surrogate model of a Bayesian optimisation over texts. Predictions change nothing but
 * a cache of tokens' priors; because of that, one surrogate serves one thread.
 */
final class Surrogate {
  /*
   * The model (equations of Rasmussen and Williams 2006, "Gaussian Processes for Machine Learning").
   *
   * Let phi(x) be the features of a text x, each occurrence counted per token (TextFeatures), o the
   * origin and A the axes (RandomProjection). The step y(x) = A (v(x) - v(o)) is modelled as
   *
   *   y(x) = m(x) - m(o) + W (phi(x) - phi(o)) + noise,    entries of W ~ N(0, 1),
   *
   * where m(x) is the mean of the tokens' contributions, if those are known: the prior mean (2.7).
   * This is Bayesian linear regression (2.1.2), which is Gaussian process regression with the kernel
   * k(x, x') = (phi(x) - phi(o)) . (phi(x') - phi(o)) (2.12). The noise of a training text i has the
   * variance sigma_i^2 = .1 |phi(x_i) - phi(o)|^2 + a thousandth of the mean: features explain
   * texts near the origin best, so those count most. With n training texts,
   *
   *   alpha = (K + Sigma)^-1 (Y - M)                       (2.25, by Cholesky: algorithm 2.1)
   *   E[W]  = sum_i alpha_i (phi(x_i) - phi(o))            (2.27, in the space of weights)
   *
   * The exact posterior variance (2.26) would need n^2 operations a text. It is taken as if features
   * were independent: 1 / (1 + sum_i phi_j(x_i)^2 / sigma_i^2) for feature j, 0 if the origin has it.
   * All of this is linear in the features, so a text is predicted from the sum of what its features
   * add (FeatureEffects), and an edit changes few terms of that sum (EditEvaluator).
   *
   * The predicted vector is v(o) + d, with d in the span of the axes but for a residual r that new
   * words add outside of it. Of d the products with target t, with v(o) and with the orthonormal
   * axes are known, so
   *
   *   gain(x) = (t . v(o) + t . d) / sqrt(1 + 2 v(o) . d + |d|^2 + r) - t . v(o).
   *
   * The acquisition score is z = (gain + fluency(x) - fluency(o)) / s, s^2 the posterior variance
   * summed over the features: the z-score of improvement over the origin. Ranking by it is ranking by
   * probability of improvement (Kushner 1964).
   *
   * A fit of n texts with f features each, K axes and dimension d takes O(n^2 f + n^3 / 3 + n^2 K) for
   * the regression and O(n K d) for the projection; n is at most 256 and K 34. A prediction from a sum
   * takes O(K), and the words of a mask share all but one pass over K numbers each (WordScores).
   */

  private static final double MIN_VARIANCE = 1e-3;
  private static final double MIN_SQUARED_NORM = 0.01;

  private final FeatureEffects effects;
  private final float[] originMeans;
  private final double originCosine;

  private Surrogate(FeatureEffects effects, EvaluatedText origin, float[] target) {
    this.effects = effects;
    originMeans = effects.sum(origin.tokens());
    for (int k = 0; k < effects.variance(); k++) {
      originMeans[k] /= origin.tokens().length;
    }
    originCosine = Vectors.dot(origin.vector(), target);
  }

  /**
   * Fits the regression.
   *
   * @param origin a text, not empty, whose tokens are known
   * @param pool texts whose tokens are known, none of them empty
   * @param target unit vector to approach
   * @param limit how many of the pool, nearest first, to learn from
   * @param rank axes of the random projection
   * @param contributions the prior mean; null for zero
   */
  static Surrogate fit(
      EvaluatedText origin,
      List<EvaluatedText> pool,
      float[] target,
      int limit,
      int rank,
      @Nullable TokenContributions contributions) {
    return new Surrogate(
        new SurrogateFit(origin, pool, target, limit, rank, contributions).effects(),
        origin,
        target);
  }

  /** What features add; the sums of which over a text are what predictions are made from. */
  FeatureEffects effects() {
    return effects;
  }

  /** The features of a text that no training text has. */
  ImmutableLongArray unseenFeatures(int[] tokens) {
    ImmutableLongArray.Builder features = ImmutableLongArray.builder();
    TextFeatures.each(
        tokens,
        (key, weight) -> {
          if (effects.isUnseen(key)) {
            features.add(key);
          }
        });
    return features.build();
  }

  /**
   * The inverse standard deviation of a prediction, in units of the prior's. Expected gain times
   * this is the acquisition score, a z-score for improvement over the origin.
   *
   * @param length tokens of the text, at least 1
   * @param posteriorVariance of its effects
   */
  static double inverseStdDev(int length, float posteriorVariance) {
    return length / Math.sqrt(MIN_VARIANCE + Math.max(0, posteriorVariance));
  }

  /** The posterior variance of a text, from the sum of its features' effects. */
  float posteriorVariance(float[] sum) {
    return sum[effects.variance()];
  }

  /**
   * The predicted gain of a text: how much larger its cosine with the target is than the origin's.
   *
   * @param sum of its features' effects
   * @param length tokens of the text, at least 1
   */
  double expectedGain(float[] sum, int length) {
    float scale = 1f / length;
    double toTarget = originCosine + step(sum, scale, RandomProjection.TARGET);
    // Four sums, so that none waits for the one before.
    float s0 = squareAlongOrigin(sum, scale);
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int axes = effects.variance();
    int k = RandomProjection.ORIGIN + 1;
    for (; k + 3 < axes; k += 4) {
      s0 += square(step(sum, scale, k));
      s1 += square(step(sum, scale, k + 1));
      s2 += square(step(sum, scale, k + 2));
      s3 += square(step(sum, scale, k + 3));
    }
    for (; k < axes; k++) {
      s0 += square(step(sum, scale, k));
    }
    return gain(toTarget, s0 + s1 + (s2 + s3));
  }

  /** The gain of a predicted vector, given its product with the target and its squared length. */
  double gain(double toTarget, double square) {
    return toTarget / Math.sqrt(Math.max(MIN_SQUARED_NORM, square)) - originCosine;
  }

  /** {@code 1 + 2 v(o) . d + r}, of a sum of effects. */
  float squareAlongOrigin(float[] sum, float scale) {
    return 1 + 2 * step(sum, scale, RandomProjection.ORIGIN) + scale * sum[effects.residual()];
  }

  /** Cosine of the origin with the target. */
  double originCosine() {
    return originCosine;
  }

  /** The predicted step from the origin along an axis. */
  float step(float[] sum, float scale, int axis) {
    return sum[axis] * scale - originMeans[axis];
  }

  private static float square(float x) {
    return x * x;
  }

  /** {@code to += factor * vector}. */
  static void add(float[] to, float factor, float[] vector) {
    for (int k = 0; k < to.length; k++) {
      to[k] += factor * vector[k];
    }
  }
}
