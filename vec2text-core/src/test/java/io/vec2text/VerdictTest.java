package io.vec2text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.spi.VectorStatistics;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final int DIMENSION = 384;

  @Test
  void judgesACosineByHowFarItLiesAboveThatOfUnrelatedTexts() {
    double unrelated = 0.8;

    assertThat(of(0.95, 0)).isEqualTo(Verdict.CLOSE);
    assertThat(of(0.95, unrelated)).isEqualTo(Verdict.TOPICAL);
    assertThat(of(0.9, unrelated)).isEqualTo(Verdict.FAILED);
    assertThat(of(0.991, unrelated)).isEqualTo(Verdict.CLOSE);
    assertThat(of(1 - 1e-6, 0)).isEqualTo(Verdict.EXACT);
    assertThat(of(1 - 1e-6, unrelated)).isEqualTo(Verdict.CLOSE);
    assertThat(of(1 - 3e-7, unrelated)).isEqualTo(Verdict.EXACT);
    assertThat(of(-1, unrelated)).isEqualTo(Verdict.FAILED);
  }

  @Test
  void callsNothingExactWhereNoiseIsLargeForTheSpace() {
    StoredPrecision some = new StoredPrecision(StoredPrecision.Format.DECLARED, 0.009);

    assertThat(Verdict.of(1, 0, some, DIMENSION)).isEqualTo(Verdict.EXACT);
    assertThat(Verdict.of(1, 0.8, some, DIMENSION)).isEqualTo(Verdict.CLOSE);
  }

  @Test
  void refusesImpossibleCosinesOfUnrelatedTexts() {
    for (double impossible : new double[] {-0.1, 1, Double.NaN}) {
      assertThatThrownBy(() -> of(1, impossible))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected at least 0 and below 1");
    }
  }

  @Test
  void statisticsKnowTheCosineOfUnrelatedTexts() {
    VectorStatistics statistics =
        new VectorStatistics(new float[] {3, 0}, new float[] {1, 0, 2}, 2);

    assertThat(statistics.unrelatedCosine(2)).isCloseTo(9.0 / 12, within(1e-12));
    assertThat(statistics.unrelatedCosine(1)).isCloseTo(9.0 / 10, within(1e-12));
  }

  private static Verdict of(double cosine, double unrelated) {
    return Verdict.of(cosine, unrelated, StoredPrecision.FULL, DIMENSION);
  }
}
