package io.vec2text.bench;

import static com.google.common.base.Preconditions.checkArgument;

import io.vec2text.Cancellation;
import io.vec2text.InversionOptions;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.Vec2Text;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;

/**
 * How long a call with the real models takes to end: after it was cancelled, after its thread was
 * interrupted, after it was cancelled and its inverter closed, and past a time limit. Each is tried
 * at random moments of a search of 32 vectors (of one, for time limits); the slowest, the median
 * and how many took more than half a second are printed. Not a benchmark of JMH.
 *
 * <pre>{@code
 * java -cp vec2text-bench/target/benchmarks.jar io.vec2text.bench.StopLatency 100
 * }</pre>
 */
public final class StopLatency {
  private static final String USAGE = "usage: StopLatency [tries]";
  private static final int VECTORS = 32;
  private static final int MAX_MILLIS = 2000;
  private static final double PROMISED_SECONDS = 0.5;

  private StopLatency() {}

  /** Runs all four kinds: 100 tries each, unless told otherwise; a tenth of that for closing. */
  public static void main(String... args) throws InterruptedException {
    checkArgument(args.length <= 1, USAGE);
    int tries = args.length > 0 ? Integer.parseInt(args[0]) : 100;
    checkArgument(tries > 0, "tries must be positive but was: %s", tries);
    SplittableRandom random = new SplittableRandom(0);
    try (Vec2Text inverter = open()) {
      List<float[]> targets = Sentences.nearlyEmbedded(inverter.embedder(), VECTORS);
      print("cancelled", seconds(tries, () -> cancelled(inverter, targets, random)));
      print("interrupted", seconds(tries, () -> interrupted(inverter, targets, random)));
      print("time limit", seconds(tries, () -> pastTimeLimit(inverter, targets, random)));
    }
    print("closed", seconds(Math.max(1, tries / 10), () -> closed(random)));
  }

  private static Vec2Text open() {
    return Vec2Text.builder().device(Device.CPU).open();
  }

  /** One try: seconds from the request to the end. */
  private interface Try {
    double seconds() throws InterruptedException;
  }

  private static double[] seconds(int tries, Try once) throws InterruptedException {
    double[] seconds = new double[tries];
    for (int i = 0; i < tries; i++) {
      seconds[i] = once.seconds();
    }
    Arrays.sort(seconds);
    return seconds;
  }

  private static void print(String what, double[] sorted) {
    System.out.printf(
        Locale.ROOT,
        "%-12s %3d tries: slowest %.3f s, median %.3f s, %d above %.1f s%n",
        what,
        sorted.length,
        sorted[sorted.length - 1],
        sorted[sorted.length / 2],
        Arrays.stream(sorted).filter(s -> s > PROMISED_SECONDS).count(),
        PROMISED_SECONDS);
  }

  private static double cancelled(Vec2Text inverter, List<float[]> targets, SplittableRandom random)
      throws InterruptedException {
    Cancellation cancellation = new Cancellation();
    return stopped(
        inverter,
        targets,
        InversionOptions.builder().cancellation(cancellation).build(),
        random,
        thread -> cancellation.cancel());
  }

  private static double interrupted(
      Vec2Text inverter, List<float[]> targets, SplittableRandom random)
      throws InterruptedException {
    return stopped(inverter, targets, InversionOptions.defaults(), random, Thread::interrupt);
  }

  private static double closed(SplittableRandom random) throws InterruptedException {
    Vec2Text inverter = open();
    List<float[]> targets = Sentences.nearlyEmbedded(inverter.embedder(), VECTORS);
    Cancellation cancellation = new Cancellation();
    return stopped(
        inverter,
        targets,
        InversionOptions.builder().cancellation(cancellation).build(),
        random,
        thread -> {
          cancellation.cancel();
          inverter.close();
        });
  }

  private interface Stop {
    void request(Thread thread);
  }

  private static double stopped(
      Vec2Text inverter,
      List<float[]> targets,
      InversionOptions options,
      SplittableRandom random,
      Stop stop)
      throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    Thread call =
        new Thread(
            () -> {
              started.countDown();
              inverter.invertAll(targets, options);
            });
    call.start();
    started.await();
    Thread.sleep(random.nextInt(MAX_MILLIS));
    long start = System.nanoTime();
    stop.request(call);
    call.join();
    return (System.nanoTime() - start) / 1e9;
  }

  private static double pastTimeLimit(
      Vec2Text inverter, List<float[]> targets, SplittableRandom random) {
    Duration limit = Duration.ofMillis(1 + random.nextInt(MAX_MILLIS));
    float[] target = targets.get(random.nextInt(targets.size()));
    long start = System.nanoTime();
    inverter.invert(target, InversionOptions.builder().timeLimit(limit).build());
    return Math.max(0, (System.nanoTime() - start - limit.toNanos()) / 1e9);
  }
}
