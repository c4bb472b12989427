package io.vec2text.eval.internal.defence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.Cancellation;
import io.vec2text.Vectors;
import io.vec2text.eval.internal.setup.VectorMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttackTest {
  private static final List<float[]> KNOWN = DefenceTest.vectors(512, 11);
  private static final List<float[]> SECRET = DefenceTest.vectors(100, 12);
  private static final int DIMENSION = KNOWN.get(0).length;

  /** The mean cosine of what an attacker with so many pairs restores. */
  private static double restored(String defence, int pairs) {
    Defence parsed = Defence.parse(defence);
    Transform transform = parsed.fit(VectorMatrix.of(KNOWN), 21);
    Attack attack =
        pairs == 0
            ? Attack.naive(DIMENSION)
            : parsed.attack(KnownPairs.of(KNOWN.subList(0, pairs), transform));
    return cosine(attack, transform, SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"shuffle", "shuffle:signs"})
  void oneExactPairGivesAShuffleAway(String shuffle) {
    assertThat(restored(shuffle, 0)).isLessThan(0.3);
    assertThat(restored(shuffle, 1)).isCloseTo(1, within(1e-6));
  }

  @Test
  void aRotationTakesAsManyPairsAsDimensions() {
    assertThat(restored("rotation", 64)).isGreaterThan(0.99);
    double half = restored("rotation", 32);
    assertThat(half).isBetween(0.5, 0.9);
    assertThat(restored("rotation", 8)).isLessThan(half);
    assertThat(restored("rotation", 512)).isCloseTo(1, within(1e-5));
  }

  @ParameterizedTest
  @CsvSource({"noise:0.1, 0.01", "binary, 0.05", "truncate:32, -0.001", "pq:8, -0.001"})
  void leastSquaresRestoreWhatALinearMapCan(String defence, double gain) {
    assertThat(restored(defence, 512)).isGreaterThan(restored(defence, 0) + gain);
  }

  @ParameterizedTest
  @CsvSource({"noise:0.01", "int8", "rounding:2", "truncate:32", "binary"})
  void fewPairsDoNoHarm(String defence) {
    double naive = restored(defence, 0);
    for (int pairs : new int[] {1, 2, 4, 16, 64}) {
      assertThat(restored(defence, pairs)).as("%s pairs", pairs).isGreaterThan(naive - 0.02);
    }
  }

  @Test
  void trainingRestoresMoreThanALinearMapCan() {
    List<float[]> all = bent(4100);
    Transform transform = Defence.parse("truncate:32").fit(VectorMatrix.of(all), 21);
    List<float[]> own = all.subList(0, 4000);
    Attack linear = LeastSquares.fit(KnownPairs.of(own, transform));
    List<Integer> steps = new ArrayList<>();
    Attack trained = trainer(own, 300, new Cancellation(), steps).attack("training", transform);
    assertThat(cosine(trained, transform, all.subList(4000, 4100)))
        .isGreaterThan(cosine(linear, transform, all.subList(4000, 4100)) + 0.05);
    assertThat(steps).hasSize(300).endsWith(300);
  }

  @Test
  void trainingThatIsWorthNothingIsNotUsed() {
    // Independent components: what remains of 32 says nothing of the others.
    Transform transform = Defence.parse("truncate:32").fit(VectorMatrix.of(KNOWN), 21);
    Attack trained =
        trainer(KNOWN, 100, new Cancellation(), new ArrayList<>()).attack("training", transform);
    List<float[]> learnt = KNOWN.subList(0, KNOWN.size() - KNOWN.size() / 20);
    Attack linear = LeastSquares.fit(KnownPairs.of(learnt, transform));
    float[] stored = transform.store(SECRET.get(0));
    assertThat(trained.restore(stored)).isEqualTo(linear.restore(stored));
  }

  @Test
  void twoPairsAreEnoughToTrain() {
    Transform transform = Defence.parse("binary").fit(VectorMatrix.of(KNOWN), 21);
    Attack trained =
        trainer(KNOWN.subList(0, 2), 3, new Cancellation(), new ArrayList<>())
            .attack("training", transform);
    assertThat(trained.restore(transform.store(SECRET.get(0)))).hasSize(DIMENSION);
  }

  @Test
  void trainingStopsWhenCancelled() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    Transform transform = Defence.parse("binary").fit(VectorMatrix.of(KNOWN), 21);
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(
            () ->
                trainer(KNOWN, 100, cancellation, new ArrayList<>()).attack("training", transform))
        .withMessage("training was cancelled");
  }

  private static Trainer trainer(
      List<float[]> own, int steps, Cancellation cancellation, List<Integer> heard) {
    return new Trainer(
        "own",
        own,
        new Perceptron.Training(steps, 1, 1),
        (stage, done, total) -> heard.add(done),
        cancellation);
  }

  private static double cosine(Attack attack, Transform transform, List<float[]> vectors) {
    Attacker attacker = new Attacker(null, transform, attack);
    return vectors.stream()
        .mapToDouble(v -> Vectors.cosine(attacker.restored(v), v))
        .average()
        .orElseThrow();
  }

  /** Vectors whose last 32 of 64 components follow from the others, but not by a linear map. */
  private static List<float[]> bent(int n) {
    Random random = new Random(7);
    float[][] mixing = new float[64][4];
    for (float[] row : mixing) {
      for (int j = 0; j < row.length; j++) {
        row[j] = (float) random.nextGaussian();
      }
    }
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      float[] source = new float[4];
      float[] sizes = new float[4];
      for (int j = 0; j < source.length; j++) {
        source[j] = (float) random.nextGaussian();
        sizes[j] = Math.abs(source[j]);
      }
      float[] vector = new float[mixing.length];
      for (int j = 0; j < vector.length; j++) {
        vector[j] = (float) Vectors.dot(mixing[j], j < 32 ? source : sizes);
      }
      vectors.add(Vectors.unit(vector));
    }
    return vectors;
  }

  @Test
  void leastSquaresAreThoseOfTheNormalEquations() {
    // x = y + 0.5 y_1 in the first component, without noise: the ridge is as good as none.
    List<float[]> stored = DefenceTest.vectors(300, 5);
    List<float[]> originals =
        stored.stream()
            .map(
                v -> {
                  float[] x = v.clone();
                  x[0] += 0.5f * v[1] + 0.25f;
                  return x;
                })
            .toList();
    Attack attack = LeastSquares.fit(new KnownPairs(originals, stored));
    float[] y = DefenceTest.vectors(1, 6).get(0);
    float[] restored = attack.restore(y);
    assertThat(restored[0]).isCloseTo(y[0] + 0.5f * y[1] + 0.25f, within(1e-2f));
    assertThat(restored[5]).isCloseTo(y[5], within(1e-2f));
  }

  @Test
  void theNaiveFillUpWithZerosAndCutWhatIsTooLong() {
    assertThat(Attack.naive(3).restore(new float[] {1, 2})).containsExactly(1, 2, 0);
    assertThat(Attack.naive(1).restore(new float[] {1, 2})).containsExactly(1);
  }
}
