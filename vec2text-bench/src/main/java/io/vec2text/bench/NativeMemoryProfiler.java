package io.vec2text.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Samples the memory of the benchmark's process while it runs: most resident, and most beyond the
 * committed heap, which is what natives hold together with the JVM's own. Linux only; elsewhere it
 * reports nothing.
 *
 * <pre>{@code
 * java -jar benchmarks.jar DecodeLoopBenchmark -prof io.vec2text.bench.NativeMemoryProfiler
 * }</pre>
 */
public final class NativeMemoryProfiler implements InternalProfiler {
  private static final long INTERVAL_MILLIS = 20;
  private static final double MIB = 1024 * 1024;

  private @Nullable Sampler sampler;

  /** For JMH. */
  public NativeMemoryProfiler() {}

  @Override
  public String getDescription() {
    return "Samples resident memory, and what of it is not heap";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    if (ProcessMemory.isKnown()) {
      sampler = new Sampler();
      sampler.start();
    }
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    Sampler running = sampler;
    sampler = null;
    if (running == null) {
      return List.of();
    }
    running.end();
    return List.of(
        new ScalarResult("resident", running.resident / MIB, "MiB", AggregationPolicy.MAX),
        new ScalarResult("native", running.beyondHeap / MIB, "MiB", AggregationPolicy.MAX));
  }

  private static final class Sampler extends Thread {
    private volatile boolean ended;
    private long resident;
    private long beyondHeap;

    Sampler() {
      super("native memory sampler");
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        do {
          sample();
          sleep(INTERVAL_MILLIS);
        } while (!ended);
      } catch (InterruptedException e) {
        // Asked to end.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void sample() throws IOException {
      long now = ProcessMemory.kib("VmRSS") * 1024;
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
      resident = Math.max(resident, now);
      beyondHeap = Math.max(beyondHeap, now - heap);
    }

    void end() {
      ended = true;
      interrupt();
      try {
        join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
