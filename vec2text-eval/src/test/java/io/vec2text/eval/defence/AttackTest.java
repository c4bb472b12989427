package io.vec2text.eval.defence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.Vectors;
import io.vec2text.eval.internal.VectorMatrix;
import java.util.List;
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
            : parsed.attack(
                new KnownPairs(
                    KNOWN.subList(0, pairs),
                    KNOWN.subList(0, pairs).stream().map(transform::store).toList()));
    Thief thief = new Thief(null, transform, attack);
    return SECRET.stream()
        .mapToDouble(v -> Vectors.cosine(thief.steal(v), v))
        .average()
        .orElseThrow();
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
