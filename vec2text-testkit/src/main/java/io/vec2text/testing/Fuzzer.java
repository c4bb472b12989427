package io.vec2text.testing;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableList;
import com.google.common.io.BaseEncoding;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives a parser mutated inputs and demands that it reads each, or refuses it by an exception of
 * the allowed kinds with a message, within {@link #TIME} and a bound of memory.
 *
 * <p>It runs for {@link #DEFAULT}, or so many inputs as the system property {@code
 * vec2text.fuzz.iterations} says; {@code vec2text.fuzz.seed} sets the seed. A failure names both,
 * and the file under {@code target/fuzz} that holds the input; {@code vec2text.fuzz.replay} gives
 * that file alone.
 */
public final class Fuzzer {
  /** What one input may take. */
  public static final Duration TIME = Duration.ofSeconds(2);

  /** How long it runs by default. */
  public static final Duration DEFAULT = Duration.ofSeconds(2);

  /** What one input may allocate in bytes, by default. */
  public static final long MEMORY = 256L << 20;

  /**
   * A thread that others keep from running has not hung: so much longer may it wait for nothing.
   */
  private static final int WAITING = 15;

  private static final int SHOWN = 600;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final String name;
  private final Mutator mutator;
  private final ImmutableList<Class<? extends Exception>> allowed;
  private final long memory;

  private Fuzzer(
      String name,
      Mutator mutator,
      ImmutableList<Class<? extends Exception>> allowed,
      long memory) {
    this.name = name;
    this.mutator = mutator;
    this.allowed = allowed;
    this.memory = memory;
  }

  /** What reads an input. */
  @FunctionalInterface
  public interface Parser {
    /** Reads an input to its end, or refuses it. */
    void read(byte[] input) throws Exception;
  }

  /**
   * What was found when all went well.
   *
   * @param inputs how many inputs were given
   * @param read how many of them were read
   * @param longest the longest time that one took
   * @param memory the most that one allocated, in bytes
   */
  public record Report(long inputs, long read, Duration longest, long memory) {}

  /**
   * A fuzzer that allows no exception yet.
   *
   * @param name of the format, plain enough for a file's name
   * @param inputs good inputs, small ones
   * @param words what the format is made of, besides JSON's words and separators
   */
  public static Fuzzer of(String name, List<byte[]> inputs, String... words) {
    return new Fuzzer(name, new Mutator(inputs, List.of(words)), ImmutableList.of(), MEMORY);
  }

  /** Allows exceptions of a type and its subtypes, with a message each. */
  public Fuzzer allowing(Class<? extends Exception> type) {
    return new Fuzzer(
        name,
        mutator,
        ImmutableList.<Class<? extends Exception>>builder().addAll(allowed).add(type).build(),
        memory);
  }

  /** Sets what one input may allocate. */
  public Fuzzer memory(long bytes) {
    return new Fuzzer(name, mutator, allowed, bytes);
  }

  /**
   * Runs the parser on mutated inputs, in a thread of its own.
   *
   * @throws AssertionError if it threw something else, took too long or allocated too much
   */
  @CanIgnoreReturnValue
  public Report run(Parser parser) {
    String replay = System.getProperty("vec2text.fuzz.replay");
    long iterations = Long.getLong("vec2text.fuzz.iterations", 0);
    Worker worker =
        new Worker(
            parser,
            Long.getLong("vec2text.fuzz.seed", 1),
            replay != null ? 1 : iterations > 0 ? iterations : Long.MAX_VALUE,
            replay != null || iterations > 0 ? Long.MAX_VALUE : DEFAULT.toNanos(),
            replay == null ? null : bytes(Path.of(replay)));
    worker.setDaemon(true);
    worker.start();
    watch(worker);
    Report report = worker.report();
    System.out.printf(
        Locale.ROOT,
        "fuzz %s: %,d inputs, %,d read, longest %d ms, at most %.1f MB%n",
        name,
        report.inputs(),
        report.read(),
        report.longest().toMillis(),
        report.memory() / 1e6);
    return report;
  }

  /** Waits for the worker; a hung one is left behind, with its stack in the error. */
  private static void watch(Worker worker) {
    try {
      while (worker.isAlive()) {
        worker.join(100);
        long wall = System.nanoTime() - worker.started;
        long busy = THREADS.getThreadCpuTime(worker.getId()) - worker.startedCpu;
        if (worker.reading
            && wall > TIME.toNanos()
            && (busy > TIME.toNanos() || wall > WAITING * TIME.toNanos())
            && worker.isAlive()) {
          AssertionError error =
              new AssertionError(
                  worker.describe("took longer than " + TIME.toSeconds() + " s and still runs"));
          error.setStackTrace(worker.getStackTrace());
          throw error;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Worker extends Thread {
    private final Parser parser;
    private final long seed;
    private final long most;
    private final long nanos;
    private final byte @Nullable [] only;

    private volatile boolean reading;
    private volatile long started = System.nanoTime();
    private volatile long startedCpu;
    private volatile long number;
    private volatile byte[] input = {};
    private @Nullable AssertionError error;
    private long read;
    private long inputs;
    private long longest;
    private long largest;

    Worker(Parser parser, long seed, long most, long nanos, byte @Nullable [] only) {
      super("fuzz " + name);
      this.parser = parser;
      this.seed = seed;
      this.most = most;
      this.nanos = nanos;
      this.only = only;
    }

    @Override
    public void run() {
      long begin = System.nanoTime();
      for (long i = 0; i < most && System.nanoTime() - begin < nanos; i++) {
        number = i;
        input = only == null ? mutator.mutate(seed, i) : only;
        step();
        if (error != null) {
          return;
        }
        inputs++;
      }
    }

    private void step() {
      long allocated = THREADS.getThreadAllocatedBytes(getId());
      startedCpu = THREADS.getThreadCpuTime(getId());
      started = System.nanoTime();
      reading = true;
      try {
        parser.read(input.clone());
        read++;
      } catch (Throwable e) {
        check(e);
      } finally {
        reading = false;
      }
      longest = Math.max(longest, THREADS.getThreadCpuTime(getId()) - startedCpu);
      long took = THREADS.getThreadAllocatedBytes(getId()) - allocated;
      largest = Math.max(largest, took);
      if (error == null && took > memory) {
        error =
            new AssertionError(
                describe(String.format("allocated %,d bytes, allowed are %,d", took, memory)));
      }
      if (error == null && longest > TIME.toNanos()) {
        error =
            new AssertionError(describe("took " + TimeUnit.NANOSECONDS.toMillis(longest) + " ms"));
      }
    }

    private void check(Throwable e) {
      boolean expected = allowed.stream().anyMatch(type -> type.isInstance(e));
      if (!expected || e.getMessage() == null || e.getMessage().isBlank()) {
        error =
            new AssertionError(
                describe(
                    expected
                        ? "was refused without a message"
                        : "gave " + Throwables.getRootCause(e)),
                e);
      }
    }

    /** What happened to the present input, and how it can be given again. */
    String describe(String what) {
      Path file = Path.of("target", "fuzz", name + "-" + seed + "-" + number);
      try {
        Files.createDirectories(Path.of("target", "fuzz"));
        Files.write(file, input);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      String hex = BaseEncoding.base16().encode(input, 0, Math.min(input.length, SHOWN / 2));
      return String.format(
          "%s: input %d of seed %d (%d bytes) %s; again: -Dvec2text.fuzz.replay=%s; it begins %s",
          name, number, seed, input.length, what, file.toAbsolutePath(), hex);
    }

    Report report() {
      AssertionError found = error;
      if (found != null) {
        throw found;
      }
      return new Report(inputs, read, Duration.ofNanos(longest), largest);
    }
  }
}
