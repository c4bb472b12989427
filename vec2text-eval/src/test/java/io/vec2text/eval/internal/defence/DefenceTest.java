package io.vec2text.eval.internal.defence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.Vectors;
import io.vec2text.eval.internal.setup.VectorMatrix;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefenceTest {
  private static final int DIMENSION = 64;
  private static final VectorMatrix CORPUS = VectorMatrix.of(vectors(400, 1));

  /** Vectors whose components differ in size, as those of embedders do. */
  static List<float[]> vectors(int n, long seed) {
    Random random = new Random(seed);
    return random
        .longs(n)
        .mapToObj(
            s -> {
              Random own = new Random(s);
              float[] v = new float[DIMENSION];
              for (int i = 0; i < DIMENSION; i++) {
                v[i] = (float) ((0.2 + 2.0 * i / DIMENSION) * own.nextGaussian());
              }
              return Vectors.unit(v);
            })
        .toList();
  }

  private static double meanCosine(Defence defence) {
    Transform transform = defence.fit(CORPUS, 3);
    Attacker attacker = new Attacker(null, transform, Attack.naive(DIMENSION));
    return vectors(200, 2).stream()
        .mapToDouble(v -> Vectors.cosine(attacker.restored(v), v))
        .average()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "noise:0.01",
        "int8",
        "binary",
        "pq:16",
        "truncate:32",
        "rotation",
        "shuffle",
        "shuffle:signs",
        "rounding:2"
      })
  void namesAreReadAndTheSameKeyStoresTheSame(String name) {
    Defence defence = Defence.parse(name);
    assertThat(defence.name()).isEqualTo(name);
    float[] vector = vectors(1, 9).get(0);
    float[] before = vector.clone();
    float[] stored = defence.fit(CORPUS, 7).store(vector);
    assertThat(vector).as("not changed").isEqualTo(before);
    assertThat(defence.fit(CORPUS, 7).store(vector)).isEqualTo(stored);
    assertThat(defence.fit(CORPUS, 7).query(vector)).hasSameSizeAs(stored);
    if (defence.secret()) {
      assertThat(defence.fit(CORPUS, 8).store(vector)).isNotEqualTo(stored);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "none",
        "int8:4",
        "binary:",
        "noise",
        "noise:",
        "pq:a",
        "shuffle:x",
        "NOISE:1"
      })
  void otherNamesAreRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Defence.parse(name))
        .withMessage(
            "a defence must be noise:DEVIATION, int8, binary, pq:PARTS, truncate:DIMENSIONS,"
                + " rotation, shuffle, shuffle:signs or rounding:DECIMALS, was \""
                + name
                + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "noise:0, above 0",
    "noise:NaN, above 0",
    "noise:-1, above 0",
    "pq:0, at least 1",
    "truncate:0, at least 1",
    "rounding:9, from 0 to 8",
    "truncate:65, vectors of dimension 64 need at most as many",
    "pq:5, vectors of dimension 64 need a number of parts that divides it",
  })
  void argumentsAreChecked(String name, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Defence.parse(name).check(DIMENSION))
        .withMessageContaining(message);
  }

  @Test
  void theStandardOnesFitTheirDimension() {
    for (int dimension : new int[] {1, 2, 8, 10, 384, 1536}) {
      List<Defence> standard = Defence.standard(dimension);
      assertThat(standard).hasSizeGreaterThanOrEqualTo(9);
      standard.forEach(d -> d.check(dimension));
    }
    assertThat(Defence.standard(384)).extracting(Defence::name).contains("pq:48", "truncate:192");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.01, 0.1, 1})
  void noiseLeavesTheCosineOfItsFormula(double deviation) {
    Defence noise = new GaussianNoise(deviation);
    double expected = noise.expectedCosine(DIMENSION).orElseThrow();
    assertThat(expected)
        .isCloseTo(1 / Math.sqrt(1 + DIMENSION * deviation * deviation), within(1e-12));
    assertThat(meanCosine(noise)).isCloseTo(expected, within(0.02));
  }

  @Test
  void secretTransformsKeepAllCosinesAndLeaveNothingToTheNaive() {
    List<float[]> some = vectors(2, 4);
    double cosine = Vectors.cosine(some.get(0), some.get(1));
    for (String name : new String[] {"rotation", "shuffle", "shuffle:signs"}) {
      Transform transform = Defence.parse(name).fit(CORPUS, 5);
      assertThat(Vectors.cosine(transform.store(some.get(0)), transform.query(some.get(1))))
          .isCloseTo(cosine, within(1e-6));
      assertThat(meanCosine(Defence.parse(name))).isCloseTo(0, within(0.2));
    }
  }

  @Test
  void quantisationKeepsWhatItsBytesCanHold() {
    assertThat(meanCosine(Defence.parse("int8"))).isGreaterThan(0.9999);
    double binary = meanCosine(Defence.parse("binary"));
    double coarse = meanCosine(Defence.parse("pq:8"));
    double fine = meanCosine(Defence.parse("pq:32"));
    assertThat(binary).isBetween(0.6, 0.85);
    assertThat(fine).isGreaterThan(0.97).isGreaterThan(coarse);
    assertThat(coarse).isGreaterThan(0.5);
    Transform transform = Defence.parse("pq:16").fit(CORPUS, 1);
    float[] stored = transform.store(vectors(1, 6).get(0));
    assertThat(transform.store(stored)).as("of the code book").isEqualTo(stored);
  }

  @Test
  void productQuantisationOfFewVectorsKeepsThem() {
    List<float[]> few = vectors(5, 8);
    VectorMatrix twice = VectorMatrix.of(Stream.concat(few.stream(), few.stream()).toList());
    Transform transform = Defence.parse("pq:4").fit(twice, 1);
    for (float[] vector : few) {
      assertThat(Vectors.cosine(transform.store(vector), vector)).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void roundingAndTruncationDoWhatTheySay() {
    float[] vector = {0.126f, -0.994f, 0.004f, 0};
    VectorMatrix corpus = VectorMatrix.of(List.of(vector));
    assertThat(Defence.parse("rounding:2").fit(corpus, 0).store(vector))
        .containsExactly(0.13f, -0.99f, 0, 0);
    assertThat(Defence.parse("truncate:2").fit(corpus, 0).store(vector))
        .containsExactly(0.126f, -0.994f);
    assertThat(Defence.parse("binary").fit(corpus, 0).store(vector))
        .containsExactly(0.5f, -0.5f, 0.5f, 0.5f);
  }
}
