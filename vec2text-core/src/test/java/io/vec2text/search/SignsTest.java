package io.vec2text.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.Vectors;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignsTest {
  private static final int DIMENSION = 384;

  private final Random random = new Random(5);
  private final float[] text = noise();
  private final Signs form = new Signs(all(DIMENSION), null);
  private final float[] target = form.of(text);

  private static boolean[] all(int n) {
    boolean[] known = new boolean[n];
    Arrays.fill(known, true);
    return known;
  }

  private float[] noise() {
    float[] noise = new float[DIMENSION];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) random.nextGaussian();
    }
    return Vectors.unit(noise);
  }

  /** A vector with this cosine with the text's. */
  private float[] at(double cosine) {
    float[] apart = noise();
    Surrogate.add(apart, (float) -Vectors.dot(apart, text), text);
    float[] at = new float[DIMENSION];
    Surrogate.add(at, (float) cosine, text);
    Surrogate.add(at, (float) Math.sqrt(1 - cosine * cosine), Vectors.unit(apart));
    return at;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.6, 0.8, 0.9, 0.95, 0.98})
  void theCosineIsThatOfTheWholeVectorsAtLarge(double cosine) {
    double sum = 0;
    for (int i = 0; i < 100; i++) {
      sum += form.cosine(target, at(cosine));
    }
    assertThat(sum / 100).isCloseTo(cosine, within(0.05));
  }

  @Test
  void isOneIfAllAgreeAndZeroIfNothingIsAlike() {
    assertThat(form.cosine(target, text)).isOne();
    assertThat(form.cosine(target, Vectors.subtract(new float[DIMENSION], text))).isZero();
    assertThat(new Signs(new boolean[DIMENSION], null).cosine(target, text)).isZero();
  }

  @Test
  void aWrongSignFarFromZeroCountsMoreThanOneCloseToIt() {
    Signs four = new Signs(all(4), null);
    float[] signs = {1, 1, -1, -1};
    double small = four.cosine(signs, new float[] {0.7f, 0.7f, -0.1f, 0.1f});
    double large = four.cosine(signs, new float[] {0.1f, 0.1f, -0.7f, 0.7f});
    assertThat(small).isBetween(large + 0.1, 0.9999);
  }

  @Test
  void theTextSeemsCloserThanTheGuessAroundWhichItIsEstimated() {
    for (int i = 0; i < 20; i++) {
      float[] guess = at(0.93);
      VectorForm.Estimate estimate = form.estimate(target, guess, form.cosine(target, guess));
      assertThat(Vectors.cosine(estimate.aim(), text))
          .isGreaterThan(Vectors.cosine(estimate.aim(), guess));
      assertThat(Vectors.cosine(estimate.whole(), text)).isGreaterThan(0.935);
      assertThat(Vectors.norm(estimate.whole())).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void whereAllSignsAgreeNothingElseIsEstimated() {
    float[] guess = at(0.9999999);
    assertThat(form.cosine(target, guess)).isOne();
    assertThat(form.estimate(target, guess, 1).whole()).isEqualTo(guess);
    assertThat(form.estimate(target, guess, 1).aim()).isEqualTo(guess);
  }
}
