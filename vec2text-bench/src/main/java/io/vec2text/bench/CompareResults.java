package io.vec2text.bench;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Compares two result files of JMH ({@code -rf json}): for each benchmark with the same parameters
 * in both, how many times as fast the second is, with a 95 % interval.
 *
 * <pre>{@code
 * java -cp vec2text-bench/target/benchmarks.jar io.vec2text.bench.CompareResults before.json after.json
 * }</pre>
 *
 * <p>The interval is a bootstrap of the ratio of means that draws forks first and then iterations
 * of each, since iterations of one fork resemble each other. With one fork it only knows the
 * scatter within it, and is too narrow.
 */
public final class CompareResults {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RESAMPLES = 10_000;
  private static final long SEED = 1;

  private CompareResults() {}

  /** Prints the comparison of two files. */
  public static void main(String[] args) throws IOException {
    checkArgument(args.length == 2, "usage: CompareResults BEFORE.json AFTER.json");
    print(compare(Path.of(args[0]), Path.of(args[1])), System.out);
  }

  /**
   * How a benchmark changed.
   *
   * @param benchmark its name and parameters
   * @param unit of both scores
   * @param before score of the first file
   * @param after score of the second file
   * @param speed how many times as fast the second is
   * @param low lower end of its interval
   * @param high upper end of its interval
   * @param forks the fewest forks of the two
   */
  record Change(
      String benchmark,
      String unit,
      double before,
      double after,
      double speed,
      double low,
      double high,
      int forks) {
    /** What the interval says. */
    String verdict() {
      return low > 1 ? "faster" : high < 1 ? "slower" : "no difference seen";
    }
  }

  /**
   * Compares files.
   *
   * @throws IOException if one can't be read
   * @throws IllegalArgumentException if one is no result file, or they have no benchmark in common
   */
  static List<Change> compare(Path before, Path after) throws IOException {
    Map<String, JsonNode> first = results(before);
    Map<String, JsonNode> second = results(after);
    List<Change> changes = new ArrayList<>();
    first.forEach(
        (name, result) -> {
          JsonNode other = second.get(name);
          if (other != null) {
            changes.add(change(name, result, other));
          }
        });
    checkArgument(!changes.isEmpty(), "%s and %s have no benchmark in common", before, after);
    return changes;
  }

  private static Map<String, JsonNode> results(Path file) throws IOException {
    JsonNode root = JSON.readTree(file.toFile());
    checkArgument(root.isArray(), "%s is no result file of JMH: expected a JSON array", file);
    Map<String, JsonNode> results = new LinkedHashMap<>();
    for (JsonNode result : root) {
      StringBuilder name = new StringBuilder(simpleName(result.path("benchmark").asText()));
      result
          .path("params")
          .properties()
          .forEach(
              p -> name.append(' ').append(p.getKey()).append('=').append(p.getValue().asText()));
      checkArgument(
          result.at("/primaryMetric/rawData").isArray(), "%s: %s has no raw data", file, name);
      results.put(name + " (" + result.path("mode").asText() + ")", result);
    }
    return results;
  }

  /** Class and method. */
  private static String simpleName(String benchmark) {
    int method = benchmark.lastIndexOf('.');
    return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
  }

  private static Change change(String name, JsonNode before, JsonNode after) {
    String unit = before.at("/primaryMetric/scoreUnit").asText();
    checkArgument(
        unit.equals(after.at("/primaryMetric/scoreUnit").asText()),
        "%s has other units in the two files",
        name);
    double[][] old = raw(before);
    double[][] now = raw(after);
    // Of operations in a time more is better, of time for an operation less.
    boolean rate = before.path("mode").asText().equals("thrpt");
    Random random = new Random(SEED);
    double[] ratios = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      double a = resampledMean(old, random);
      double b = resampledMean(now, random);
      ratios[i] = rate ? b / a : a / b;
    }
    Arrays.sort(ratios);
    double a = mean(old);
    double b = mean(now);
    return new Change(
        name,
        unit,
        a,
        b,
        rate ? b / a : a / b,
        ratios[(int) (0.025 * RESAMPLES)],
        ratios[(int) (0.975 * RESAMPLES)],
        Math.min(old.length, now.length));
  }

  /** Iterations of each fork. */
  private static double[][] raw(JsonNode result) {
    return JSON.convertValue(result.at("/primaryMetric/rawData"), double[][].class);
  }

  private static double mean(double[][] forks) {
    return Arrays.stream(forks).flatMapToDouble(Arrays::stream).average().orElseThrow();
  }

  private static double resampledMean(double[][] forks, Random random) {
    double sum = 0;
    for (int f = 0; f < forks.length; f++) {
      double[] fork = forks[random.nextInt(forks.length)];
      double inFork = 0;
      for (int i = 0; i < fork.length; i++) {
        inFork += fork[random.nextInt(fork.length)];
      }
      sum += inFork / fork.length;
    }
    return sum / forks.length;
  }

  static void print(List<Change> changes, PrintStream out) {
    for (Change c : changes) {
      out.printf(
          Locale.ROOT,
          "%s%n  %.4g -> %.4g %s: %.3f times as fast [%.3f, %.3f], %s%s%n",
          c.benchmark(),
          c.before(),
          c.after(),
          c.unit(),
          c.speed(),
          c.low(),
          c.high(),
          c.verdict(),
          c.forks() == 1 ? " (one fork: the interval is too narrow)" : "");
    }
  }
}
