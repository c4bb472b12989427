package io.vec2text.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vec2text.Vectors;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LocalMapTest {
  private static final float[] TARGET = {.5f, -.2f, .3f, .1f};
  private static final float[] IMAGE = {1, 2, 3};

  private final Random random = new Random(1);
  private final float[][] rows = Stream.generate(() -> vector(4)).limit(3).toArray(float[][]::new);

  private float[] vector(int n) {
    float[] v = new float[n];
    for (int i = 0; i < n; i++) {
      v[i] = (float) random.nextGaussian();
    }
    return v;
  }

  /** A text near the target, whose residual depends on its vector alone. */
  private LocalMap.Known text(float[] vector) {
    float[] residual = residual(vector);
    return new LocalMap.Known(vector, residual, residual);
  }

  private float[] residual(float[] v) {
    float[] r = new float[rows.length];
    for (int i = 0; i < r.length; i++) {
      r[i] = 1 + (float) Vectors.dot(rows[i], v);
    }
    return r;
  }

  private static double error(float[] estimate, float[] truth) {
    return Vectors.norm(Vectors.subtract(estimate, truth));
  }

  private float[] truth() {
    return Vectors.add(IMAGE, residual(TARGET));
  }

  @Test
  void oneTextMovesTheImageByItsResidual() {
    LocalMap.Known text = text(vector(4));

    assertThat(LocalMap.estimate(IMAGE, TARGET, List.of(text)))
        .containsExactly(Vectors.add(IMAGE, text.residual()));
  }

  @Test
  void manyTextsTeachWhatTheMapMisses() {
    List<LocalMap.Known> texts =
        IntStream.range(0, 100).mapToObj(i -> text(Vectors.add(TARGET, vector(4)))).toList();

    double few = error(LocalMap.estimate(IMAGE, TARGET, texts.subList(0, 2)), truth());
    assertThat(error(LocalMap.estimate(IMAGE, TARGET, texts), truth()))
        .isLessThan(0.02)
        .isLessThan(few);
  }

  @Test
  void textsWithOneVectorTeachItsResidual() {
    LocalMap.Known text = text(vector(4));

    assertThat(
            error(
                LocalMap.estimate(IMAGE, TARGET, List.of(text, text)),
                Vectors.add(IMAGE, text.residual())))
        .isLessThan(1e-5);
  }
}
