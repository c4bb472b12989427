package io.vec2text.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.StoredPrecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CalibrationTest {

  private static Calibration.Prediction prediction(double probability, boolean right) {
    return new Calibration.Prediction(probability, right);
  }

  @Test
  void errorIsWeightedOverRangesAndAurocCountsPairs() {
    Calibration c =
        Calibration.of(
                List.of(
                    prediction(0.95, true),
                    prediction(0.91, true),
                    prediction(0.91, false),
                    prediction(0.2, false)))
            .orElseThrow();
    assertThat(c.right()).isEqualTo(new Rate(2, 4));
    assertThat(c.stated()).isCloseTo((0.95 + 0.91 + 0.91 + 0.2) / 4, within(1e-12));
    assertThat(c.error()).isCloseTo((Math.abs(2.77 - 2) + 0.2) / 4, within(1e-12));
    // Of the four pairs three are in order and one is a tie.
    assertThat(c.auroc()).hasValueSatisfying(a -> assertThat(a).isEqualTo(3.5 / 4));
  }

  @Test
  void honestProbabilitiesHaveLittleError() {
    SplittableRandom random = new SplittableRandom(1);
    List<Calibration.Prediction> predictions = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      double p = random.nextDouble();
      predictions.add(prediction(p, random.nextDouble() < p));
    }
    Calibration c = Calibration.of(predictions).orElseThrow();
    assertThat(c.error()).isLessThan(0.02);
    // Of two uniform p and q, weighted by p (1 - q): 5/6.
    assertThat(c.auroc().orElseThrow()).isCloseTo(5.0 / 6, within(0.01));
  }

  @Test
  void withoutBothOutcomesThereIsNoAuroc() {
    assertThat(Calibration.of(List.of())).isEmpty();
    assertThat(Calibration.of(List.of(prediction(1, true))).orElseThrow().auroc()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Storage.NumberFormat.class)
  void whatAStoreKeepsIsToldFromTheVector(Storage.NumberFormat storage) {
    Random random = new Random(2);
    float[] vector = new float[384];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextGaussian() / 20;
    }
    assertThat(StoredPrecision.of(storage.keep(vector)).format().name()).isEqualTo(storage.name());
  }
}
