package io.vec2text.search;

import com.google.common.primitives.Booleans;
import io.vec2text.Vectors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Only the signs are left. A guess is judged by how likely they are if the target is the guess's
 * vector and normal noise, with the noise that makes them most likely: a probit regression. That
 * tells more than the share of signs that agree, since a component far from zero should have its
 * sign sooner than one close to it.
 *
 * @param known components whose signs mean something
 * @param gaussian completes them, if there are statistics
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Signs(boolean[] known, @Nullable Gaussian gaussian) implements VectorForm {
  /** Cosine that the estimate from the signs alone has with the true vector, about. */
  private static final double OF_ESTIMATE = 0.85;

  /**
   * The weight of fluency at which a nat of it counts as one of the signs' likelihood: that which
   * serves whole vectors best.
   */
  private static final double EVEN_WEIGHT = 0.02;

  private static final int NEWTON_STEPS = 30;
  private static final double STEADY = 1e-4;

  /** What a sign's log-probability falls by with the sine, within 4 %. */
  private static final double NATS_A_SINE = Math.log(2);

  @Override
  public float[] of(float[] embedding) {
    float[] signs = new float[embedding.length];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = embedding[i] > 0 ? 1 : -1;
    }
    return signs;
  }

  /** The cosine at which signs are expected to be as likely as these; 1 if all agree. */
  @Override
  public double cosine(float[] target, float[] embedding) {
    double[] agreement = agreement(target, embedding);
    double slope = slope(agreement);
    if (agreement.length == 0 || slope == 0) {
      return 0;
    }
    if (Double.isInfinite(slope)) {
      return 1;
    }
    double sum = Arrays.stream(agreement).map(x -> Normal.logBelow(slope * x)).sum();
    double sine = sum / (agreement.length * NATS_A_SINE);
    return Math.sqrt(Math.max(0, 1 - sine * sine));
  }

  @Override
  public float[] learned(float[] embedding) {
    return embedding;
  }

  /**
   * As many nats as the likelihood of the signs changes by with the cosine. Signs leave more open
   * than whole vectors do, so that fluency counts to the end.
   */
  @Override
  public double fluencyWeight(double weight, double cosine) {
    double near = Math.max(0.5, cosine);
    double sine = Math.sqrt(Math.max(0, 1 - near * near));
    return weight / EVEN_WEIGHT * sine / (near * signs() * NATS_A_SINE);
  }

  private int signs() {
    return Math.max(1, Booleans.countTrue(known));
  }

  @Override
  public boolean decides(int components) {
    return components >= 256;
  }

  /**
   * Around a text that is close: the whole vector that is expected is the mean of those as far from
   * the text's as it seems that have the signs. As it keeps to the text, no other text would ever
   * seem closer; what is aimed at, therefore, is where the signs are most likely, by their
   * likelihood's gradient and mean curvature at the text.
   */
  @Override
  public Estimate estimate(float[] target, float @Nullable [] best, double cosine) {
    if (best == null || cosine < OF_ESTIMATE) {
      float[] whole = gaussian == null ? target : gaussian.ofSigns(of(target));
      return new Estimate(whole, whole);
    }
    double slope = slope(agreement(target, best));
    if (Double.isInfinite(slope)) {
      return new Estimate(best, best);
    }
    float[] step = new float[best.length];
    double curvature = 0;
    for (int i = 0; i < step.length; i++) {
      if (known[i]) {
        double sign = Math.signum(target[i]);
        double x = slope * sign * best[i];
        double hazard = Normal.hazard(x);
        step[i] = (float) (sign * hazard / slope);
        curvature += hazard * (hazard + x);
      }
    }
    return new Estimate(moved(best, 1, step), moved(best, signs() / curvature, step));
  }

  private static float[] moved(float[] from, double factor, float[] step) {
    float[] to = from.clone();
    Surrogate.add(to, (float) factor, step);
    return Vectors.unit(to);
  }

  /** The components of a guess whose signs are known: above zero where they have those. */
  private double[] agreement(float[] target, float[] embedding) {
    double[] agreement = new double[target.length];
    int n = 0;
    for (int i = 0; i < target.length; i++) {
      if (known[i]) {
        agreement[n++] = target[i] > 0 ? embedding[i] : -embedding[i];
      }
    }
    return Arrays.copyOf(agreement, n);
  }

  /**
   * The factor that makes {@code sum(log(P(Z < factor * x)))} largest, of a normal Z: one divided
   * by the noise's deviation; infinite if all signs agree.
   */
  private static double slope(double[] agreement) {
    if (Arrays.stream(agreement).allMatch(x -> x >= 0)) {
      return Double.POSITIVE_INFINITY;
    }
    double slope = 0;
    double before = -1;
    // The sum is concave, and these steps of Newton do not go past its maximum.
    for (int i = 0; i < NEWTON_STEPS && slope > before * (1 + STEADY); i++) {
      before = slope;
      double first = 0;
      double second = 0;
      for (double x : agreement) {
        double hazard = Normal.hazard(slope * x);
        first += x * hazard;
        second += x * x * hazard * (hazard + slope * x);
      }
      slope = Math.max(0, slope + first / second);
    }
    return slope;
  }
}
