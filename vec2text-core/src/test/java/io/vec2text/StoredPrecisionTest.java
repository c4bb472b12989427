package io.vec2text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.StoredPrecision.Format;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoredPrecisionTest {
  private static final int DIMENSION = 384;

  private static float[] unit(long seed) {
    Random random = new Random(seed);
    float[] v = new float[DIMENSION];
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) random.nextGaussian();
    }
    return Vectors.unit(v);
  }

  private static float[] rounded(float[] vector, Format format) {
    float largest = 0;
    for (float x : vector) {
      largest = Math.max(largest, Math.abs(x));
    }
    float[] r = new float[vector.length];
    for (int i = 0; i < r.length; i++) {
      float step =
          switch (format) {
            case FLOAT16 -> Math.max(0x1p-24f, Math.scalb(Math.ulp(vector[i]), 13));
            case BFLOAT16 -> Math.scalb(Math.ulp(vector[i]), 16);
            case INT8 -> largest / 127;
            default -> Math.ulp(vector[i]);
          };
      r[i] = (float) Math.rint(vector[i] / step) * step;
    }
    return r;
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DECLARED")
  void theFormatIsToldAndItsNoiseIsThatOfTheRounding(Format format) {
    for (int seed = 0; seed < 50; seed++) {
      float[] vector = unit(seed);
      float[] kept = rounded(vector, format);
      StoredPrecision stored = StoredPrecision.of(kept);
      assertThat(stored.format()).isEqualTo(format);
      double error = Vectors.norm(Vectors.subtract(kept, vector));
      assertThat(error).isCloseTo(stored.noise(), within(0.2 * stored.noise() + 1e-12));
      assertThat(Vectors.cosine(vector, kept))
          .isGreaterThanOrEqualTo(stored.exactCosine(DIMENSION));
    }
  }

  @Test
  void quantizedVectorsAreToldAfterScalingAndShifting() {
    float[] kept = rounded(unit(1), Format.INT8);
    float[] changed = kept.clone();
    for (int i = 0; i < changed.length; i++) {
      changed[i] = 3.7f * changed[i] + 0.01f;
    }
    assertThat(StoredPrecision.of(Vectors.unit(kept)).format()).isEqualTo(Format.INT8);
    assertThat(StoredPrecision.of(changed).format()).isEqualTo(Format.INT8);
  }

  @Test
  void aFewRoundNumbersSayNothing() {
    float[] basis = new float[DIMENSION];
    basis[3] = 1;
    assertThat(StoredPrecision.of(basis)).isEqualTo(StoredPrecision.FULL);
    assertThat(StoredPrecision.of(new float[] {3, 4, 5})).isEqualTo(StoredPrecision.FULL);
  }

  @Test
  void exactIsLowerWithNoiseAndNeverSaidWithMuch() {
    assertThat(StoredPrecision.FULL.exactCosine(DIMENSION)).isEqualTo(Verdict.EXACT_COSINE);
    StoredPrecision some = new StoredPrecision(Format.DECLARED, 0.008);
    assertThat(Verdict.of(1 - 0.008 * 0.008 / 2, 0, some, DIMENSION)).isEqualTo(Verdict.EXACT);
    assertThat(Verdict.of(1 - 0.008 * 0.008, 0, some, DIMENSION)).isEqualTo(Verdict.CLOSE);
    StoredPrecision much = new StoredPrecision(Format.DECLARED, 0.1);
    assertThat(much.decidable()).isFalse();
    assertThat(Verdict.of(1, 0, much, DIMENSION)).isEqualTo(Verdict.CLOSE);
  }

  @Test
  void noiseIsAShare() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StoredPrecision(Format.DECLARED, 1))
        .withMessage("noise must be in [0, 1), was 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InversionOptions.builder().noise(-0.1))
        .withMessage("noise must be in [0, 1), was -0.1");
  }
}
