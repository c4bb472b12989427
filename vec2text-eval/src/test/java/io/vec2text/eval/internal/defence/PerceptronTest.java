package io.vec2text.eval.internal.defence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vec2text.eval.internal.defence.Perceptron.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PerceptronTest {
  private static final List<float[]> INPUTS = vectors(2000, 1);
  private static final List<float[]> TARGETS = INPUTS.stream().map(PerceptronTest::bent).toList();

  private static List<float[]> vectors(int n, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, n)
        .mapToObj(
            i ->
                new float[] {
                  (float) (0.1 * random.nextGaussian()),
                  (float) (0.1 * random.nextGaussian()),
                  (float) (0.1 * random.nextGaussian())
                })
        .toList();
  }

  /** Nothing that a linear map could do. */
  private static float[] bent(float[] x) {
    return new float[] {Math.abs(x[0]), 10 * x[1] * x[2]};
  }

  private static Perceptron fit(int steps, long seed) {
    return Perceptron.fit(INPUTS, TARGETS, new Training(steps, seed, 1), step -> {});
  }

  private static double error(Perceptron perceptron) {
    return vectors(500, 2).stream()
        .mapToDouble(
            x -> {
              float[] y = perceptron.apply(x);
              return Math.hypot(y[0] - bent(x)[0], y[1] - bent(x)[1]);
            })
        .average()
        .orElseThrow();
  }

  @Test
  void learnsWhatIsNotLinear() {
    double mean =
        vectors(500, 2).stream()
            .mapToDouble(x -> Math.hypot(bent(x)[0] - 0.08, bent(x)[1]))
            .average()
            .orElseThrow();
    assertThat(error(fit(400, 3))).isLessThan(0.15 * mean);
  }

  @Test
  void sameSeedSameMap() {
    float[] x = {0.1f, -0.2f, 0.05f};
    assertThat(fit(5, 3).apply(x)).isEqualTo(fit(5, 3).apply(x)).isNotEqualTo(fit(5, 4).apply(x));
  }

  @Test
  void tellsEachStepAndStopsWhenItsListenerThrows() {
    List<Integer> steps = new ArrayList<>();
    assertThatThrownBy(
            () ->
                Perceptron.fit(
                    INPUTS,
                    TARGETS,
                    new Training(9, 1, 1),
                    step -> {
                      steps.add(step);
                      if (step == 3) {
                        throw new CancellationException("enough");
                      }
                    }))
        .isInstanceOf(CancellationException.class);
    assertThat(steps).containsExactly(1, 2, 3);
  }

  @Test
  void saysWhatIsWrongWithItsExamples() {
    Training training = new Training(1, 1, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Perceptron.fit(INPUTS, TARGETS.subList(0, 3), training, step -> {}))
        .withMessage(
            "expected a target for each of at least 1 input, found 2000 inputs and 3 targets");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Perceptron.fit(
                    List.of(new float[2], new float[3]), TARGETS.subList(0, 2), training, s -> {}))
        .withMessage("inputs must have equal lengths of at least 1, one has 3, the first 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fit(1, 1).apply(new float[4]))
        .withMessage("expected a vector of 3 components, found 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Training(0, 1, 1))
        .withMessage("steps must be at least 1, were 0");
  }
}
