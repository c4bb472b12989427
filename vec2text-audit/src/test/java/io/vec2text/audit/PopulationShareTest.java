package io.vec2text.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.eval.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PopulationShareTest {

  @Test
  void ofASampleThatIsAllNothingIsLeftToGuess() {
    PopulationShare share = new PopulationShare(3, 50, 50);
    assertThat(share.atLeast()).isEqualTo(3);
    assertThat(share.atMost()).isEqualTo(3);
    assertThat(share.interval()).contains(new Interval(0.06, 0.06));
  }

  @Test
  void ofNoSampleEverythingIs() {
    PopulationShare share = new PopulationShare(0, 0, 50);
    assertThat(share.value()).isEmpty();
    assertThat(share.atLeast()).isZero();
    assertThat(share.atMost()).isEqualTo(50);
    assertThat(new PopulationShare(0, 0, 0).interval()).isEmpty();
  }

  /** Against sums of products of binomial coefficients. */
  @ParameterizedTest
  @CsvSource({"0,10,40", "1,10,40", "5,10,40", "10,10,40", "2,30,33", "7,12,20", "0,1,2"})
  void boundsAreTheDefinition(int count, int sample, int population) {
    PopulationShare share = new PopulationShare(count, sample, population);
    int low = Integer.MAX_VALUE;
    int high = -1;
    for (int k = count; k <= population - (sample - count); k++) {
      double orMore = 0;
      double orFewer = 0;
      for (int x = 0; x <= sample; x++) {
        double p = choose(k, x) * choose(population - k, sample - x) / choose(population, sample);
        orMore += x >= count ? p : 0;
        orFewer += x <= count ? p : 0;
      }
      low = orMore > 0.025 ? Math.min(low, k) : low;
      high = orFewer > 0.025 ? Math.max(high, k) : high;
    }
    assertThat(share.atLeast()).isEqualTo(low);
    assertThat(share.atMost()).isEqualTo(high);
  }

  private static double choose(int n, int k) {
    if (k < 0 || k > n) {
      return 0;
    }
    double c = 1;
    for (int i = 1; i <= k; i++) {
      c = c * (n - k + i) / i;
    }
    return c;
  }

  /** For large stores the bounds come close to those for an endless one (Clopper, Pearson 1934). */
  @Test
  void worksForABillionRecords() {
    PopulationShare share = new PopulationShare(30, 3000, 1_000_000_000);
    Interval interval = share.interval().orElseThrow();
    assertThat(interval.low()).isCloseTo(0.00676, within(1e-5));
    assertThat(interval.high()).isCloseTo(0.01425, within(2e-5));
    // The rule of three.
    assertThat(new PopulationShare(0, 3000, 1_000_000_000).atMost())
        .isBetween(1_200_000L, 1_240_000L);
  }

  @Test
  void aDifferenceHoldsWhatBothBoundsAllow() {
    PopulationShare more = new PopulationShare(60, 200, 10_000);
    PopulationShare less = new PopulationShare(20, 200, 10_000);
    Interval change = more.minus(less).orElseThrow();
    assertThat(change.low()).isCloseTo(0.12, within(0.01));
    assertThat(change.high()).isCloseTo(0.28, within(0.01));
    assertThat(less.minus(more).orElseThrow().low()).isCloseTo(-change.high(), within(1e-12));
    assertThat(more.minus(new PopulationShare(0, 0, 5))).isEmpty();
    // Of whole stores the difference is known.
    Interval known = new PopulationShare(3, 10, 10).minus(new PopulationShare(1, 10, 10)).get();
    assertThat(known.low()).isCloseTo(0.2, within(1e-12));
    assertThat(known.high()).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new PopulationShare(3, 2, 10)).hasMessageContaining("3, 2 and 10");
  }
}
