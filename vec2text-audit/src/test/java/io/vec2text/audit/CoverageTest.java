package io.vec2text.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vec2text.Cancellation;
import io.vec2text.eval.Interval;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Draws many samples of a store whose records are labelled, as audits draw them. */
final class CoverageTest {
  private static final int RECORDS = 3000;
  private static final int SAMPLES = 200;
  private static final ToyStore STORE = ToyStore.of(RECORDS);
  private static final List<List<Long>> DRAWN = new ArrayList<>();

  /** The indices of the records of each sample. */
  private static List<List<Long>> drawn() throws IOException {
    for (long seed = DRAWN.size(); seed < SAMPLES; seed++) {
      Sample sample =
          Sample.draw(
              STORE.reader(),
              200,
              seed,
              List.of(),
              List.of(),
              Optional.empty(),
              new Cancellation());
      DRAWN.add(sample.records().stream().map(d -> d.id().index()).toList());
    }
    return DRAWN;
  }

  @ParameterizedTest
  @CsvSource({"2,200", "10,200", "100,200", "1000,200", "10,40", "100,40"})
  void intervalsCoverTheTruth(int every, int size) throws IOException {
    long truth = RECORDS / every;
    int covered = 0;
    for (List<Long> sample : drawn()) {
      // The first records of a sample are a smaller one.
      long count = sample.subList(0, size).stream().filter(i -> i % every == 0).count();
      PopulationShare share = new PopulationShare(count, size, RECORDS);
      covered += share.atLeast() <= truth && truth <= share.atMost() ? 1 : 0;
    }
    assertThat(covered).isGreaterThanOrEqualTo((int) (0.93 * SAMPLES));
  }

  /** Samples of two stores, of which one has more. */
  @ParameterizedTest
  @CsvSource({"10,2", "10,10", "100,10"})
  void intervalsOfDifferencesCoverTheTruth(int everyBefore, int everyAfter) throws IOException {
    double truth = 1.0 / everyAfter - 1.0 / everyBefore;
    int covered = 0;
    for (int s = 0; s < SAMPLES; s++) {
      PopulationShare before = share(drawn().get(s), everyBefore);
      PopulationShare after = share(drawn().get((s + 1) % SAMPLES), everyAfter);
      Interval change = after.minus(before).orElseThrow();
      covered += change.low() <= truth && truth <= change.high() ? 1 : 0;
    }
    assertThat(covered).isGreaterThanOrEqualTo((int) (0.93 * SAMPLES));
  }

  private static PopulationShare share(List<Long> sample, int every) {
    long count = sample.stream().filter(i -> i % every == 0).count();
    return new PopulationShare(count, sample.size(), RECORDS);
  }

  /**
   * Four groups of unlike size and share, and a smaller sample: in the two small groups nearly all,
   * or nearly none, of five records has the property.
   */
  @ParameterizedTest
  @CsvSource({"60", "200"})
  void intervalsOfStratifiedSamplesCoverTheTruth(int size) throws IOException {
    ToyStore store = ToyStore.of(RECORDS);
    String[] groups = new String[RECORDS];
    boolean[] having = new boolean[RECORDS];
    for (int i = 0; i < RECORDS; i++) {
      int group = i < 2000 ? 0 : i < 2900 ? 1 : i < 2970 ? 2 : 3;
      groups[i] = "group-" + group;
      having[i] = i % 100 < new int[] {5, 30, 80, 2}[group];
    }
    store.metadata = i -> Map.of("tenant", groups[i]);
    long truth = IntStream.range(0, RECORDS).filter(i -> having[i]).count();
    int covered = 0;
    double mean = 0;
    for (long seed = 0; seed < SAMPLES; seed++) {
      Sample sample =
          Sample.draw(
              store.reader(),
              size,
              seed,
              List.of(),
              List.of(),
              Optional.of("tenant"),
              new Cancellation());
      List<PopulationShare> strata = new ArrayList<>();
      sample
          .strata()
          .forEach(
              (name, population) -> {
                List<Integer> drawn =
                    sample.records().stream()
                        .filter(d -> d.stratum().equals(name))
                        .map(d -> (int) d.id().index())
                        .toList();
                long count = drawn.stream().filter(i -> having[i]).count();
                strata.add(new PopulationShare(count, drawn.size(), population));
              });
      PopulationShare share = PopulationShare.ofStrata(strata);
      mean += share.value().orElseThrow() / SAMPLES;
      covered += share.atLeast() <= truth && truth <= share.atMost() ? 1 : 0;
    }
    assertThat(covered).isGreaterThanOrEqualTo((int) (0.93 * SAMPLES));
    assertThat(mean).isCloseTo((double) truth / RECORDS, within(0.01));
  }

  /** Every record is as probable as any other: the mean of the shares is the share. */
  @ParameterizedTest
  @CsvSource({"2", "10"})
  void samplesAreUnbiased(int every) throws IOException {
    double mean =
        drawn().stream()
            .mapToLong(sample -> sample.stream().filter(i -> i % every == 0).count())
            .average()
            .orElseThrow();
    double share = 1.0 / every;
    double deviation = Math.sqrt(200 * share * (1 - share) / SAMPLES);
    assertThat(mean).isBetween(200 * share - 3 * deviation, 200 * share + 3 * deviation);
  }
}
