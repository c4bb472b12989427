package io.vec2text.audit;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.vec2text.eval.Interval;
import java.util.List;
import java.util.Optional;

/**
 * How many records of a store have a property, from a simple random sample without replacement.
 *
 * <p>Of a stratified sample the share is the mean of those of the strata, weighted by their
 * records; its bounds are the distances of the strata's shares to their own, squared, weighted and
 * added (Zou and Donner 2008).
 *
 * <p>The 95 % bounds are exact: those K for which a sample of {@code count} or more, and one of
 * {@code count} or fewer, each has probability above 2.5 % under the hypergeometric distribution.
 * Of a sample that is the whole store nothing is left to guess. Tails are summed from ratios of
 * neighbouring probabilities, outwards from the mode, so that no factorial is needed.
 *
 * @param count records of the sample that have it
 * @param sample records in the sample
 * @param population records in the store
 * @param strata the same of each stratum, from which the sample was drawn separately; none of a
 *     simple random sample
 */
public record PopulationShare(
    long count, long sample, long population, List<PopulationShare> strata) {
  private static final double TAIL = 0.025;
  private static final double ROUNDING = 1e-9;

  /** Checks the arguments. */
  public PopulationShare {
    checkArgument(
        count >= 0 && count <= sample && sample <= population,
        "expected 0 <= count <= sample <= population, were %s, %s and %s",
        count,
        sample,
        population);
    strata = ImmutableList.copyOf(strata);
  }

  /** Of a simple random sample. */
  public PopulationShare(long count, long sample, long population) {
    this(count, sample, population, List.of());
  }

  /** Of a sample that was drawn from each of some strata separately. */
  public static PopulationShare ofStrata(List<PopulationShare> strata) {
    return new PopulationShare(
        strata.stream().mapToLong(PopulationShare::count).sum(),
        strata.stream().mapToLong(PopulationShare::sample).sum(),
        strata.stream().mapToLong(PopulationShare::population).sum(),
        strata);
  }

  /**
   * The share, in [0, 1]: that of the sample or, of strata, the weighted mean of theirs, where
   * those without a sample count like the others together. Empty if the sample is.
   */
  public Optional<Double> value() {
    if (sample == 0) {
      return Optional.empty();
    }
    double all = (double) count / sample;
    double sum = 0;
    for (PopulationShare stratum : strata) {
      sum += stratum.population * stratum.value().orElse(all);
    }
    return Optional.of(strata.isEmpty() ? all : sum / population);
  }

  /** A bound of the number of records, of strata. */
  private long combined(boolean lower) {
    double all = (double) count / sample;
    double squares = 0;
    for (PopulationShare stratum : strata) {
      double middle = stratum.population * stratum.value().orElse(all);
      double distance = middle - (lower ? stratum.atLeast() : stratum.atMost());
      squares += distance * distance;
    }
    double middle = population * value().orElseThrow();
    return lower
        ? Math.max(count, (long) Math.floor(middle - Math.sqrt(squares) + ROUNDING))
        : Math.min(
            population - (sample - count),
            (long) Math.ceil(middle + Math.sqrt(squares) - ROUNDING));
  }

  /** The fewest records of the store that have the property, with 97.5 % confidence. */
  public long atLeast() {
    if (!strata.isEmpty() && sample > 0) {
      return combined(true);
    }
    if (count == 0) {
      return 0;
    }
    long low = count;
    long high = population - (sample - count);
    // The smallest K for which so many in the sample are no surprise.
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (tail(middle, true) > TAIL) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The most records of the store that have the property, with 97.5 % confidence. */
  public long atMost() {
    if (sample == 0) {
      return population;
    }
    if (!strata.isEmpty()) {
      return combined(false);
    }
    long low = count;
    long high = population - (sample - count);
    while (low < high) {
      long middle = low + (high - low + 1) / 2;
      if (tail(middle, false) > TAIL) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The 95 % interval of the share in the store; empty if that is empty. */
  public Optional<Interval> interval() {
    return population == 0
        ? Optional.empty()
        : Optional.of(
            new Interval((double) atLeast() / population, (double) atMost() / population));
  }

  /**
   * The 95 % interval of how much larger this share is than another one, in [-1, 1]: the distances
   * of both to their own bounds, squared and added (Newcombe 1998, his method 10, with exact bounds
   * in place of Wilson's). For samples that are independent of each other; of two that have records
   * in common it is wider than need be. Empty if one of the samples is.
   */
  public Optional<Interval> minus(PopulationShare other) {
    if (sample == 0 || other.sample == 0) {
      return Optional.empty();
    }
    double here = value().orElseThrow();
    double there = other.value().orElseThrow();
    Interval own = interval().orElseThrow();
    Interval others = other.interval().orElseThrow();
    return Optional.of(
        new Interval(
            here - there - Math.hypot(here - own.low(), others.high() - there),
            here - there + Math.hypot(own.high() - here, there - others.low())));
  }

  /**
   * The probability that a sample has {@link #count} or more records of {@code having} in the
   * store, or as many or fewer.
   */
  private double tail(long having, boolean orMore) {
    long fewest = Math.max(0, sample - (population - having));
    long most = Math.min(sample, having);
    long mode = (long) ((sample + 1.0) * (having + 1.0) / (population + 2.0));
    mode = Math.max(fewest, Math.min(most, mode));
    double inside = 0;
    double all = 0;
    double p = 1;
    for (long x = mode; x <= most && p > 1e-300; x++) {
      all += p;
      inside += (orMore ? x >= count : x <= count) ? p : 0;
      p *=
          (double) (having - x)
              / (x + 1)
              * (sample - x)
              / (double) (population - having - sample + x + 1);
    }
    p = 1;
    for (long x = mode; x > fewest && p > 1e-300; x--) {
      p *=
          (double) x
              / (having - x + 1)
              * (population - having - sample + x)
              / (double) (sample - x + 1);
      all += p;
      inside += (orMore ? x - 1 >= count : x - 1 <= count) ? p : 0;
    }
    return inside / all;
  }

  @Override
  public String toString() {
    return count + "/" + sample + " of " + population;
  }
}
