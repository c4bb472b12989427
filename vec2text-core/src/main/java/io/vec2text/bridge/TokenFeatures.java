package io.vec2text.bridge;

import com.google.common.primitives.Floats;
import io.vec2text.Vectors;
import io.vec2text.spi.TokenContributions;

/** What is known of each token before a bridge is learned. */
public final class TokenFeatures {
  private TokenFeatures() {}

  /**
   * A token's contribution in the base space, followed by the vector in the new space of the text
   * that is the token alone, centred and divided by the components' standard deviation.
   *
   * @param base contributions in the base space
   * @param alone vector in the new space of each token as a text, float [vocabulary][dimension];
   *     the dimension may be 0 if they are not known
   * @return float [vocabulary][base dimension + dimension]
   */
  public static float[][] of(TokenContributions base, float[][] alone) {
    int dimension = alone[0].length;
    float[] mean = new float[dimension];
    for (float[] v : alone) {
      for (int k = 0; k < dimension; k++) {
        mean[k] += v[k] / alone.length;
      }
    }
    double variance = 0;
    for (float[] v : alone) {
      float[] d = Vectors.subtract(v, mean);
      variance += Vectors.dot(d, d) / alone.length / Math.max(1, dimension);
    }
    float scale = (float) (1 / Math.sqrt(Math.max(variance, 1e-12)));
    float[][] features = new float[alone.length][];
    for (int token = 0; token < features.length; token++) {
      float[] centred = Vectors.subtract(alone[token], mean);
      for (int k = 0; k < dimension; k++) {
        centred[k] *= scale;
      }
      features[token] = Floats.concat(base.of(token), centred);
    }
    return features;
  }
}
