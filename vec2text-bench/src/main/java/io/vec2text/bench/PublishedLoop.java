package io.vec2text.bench;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.Lists;
import io.vec2text.Cancellation;
import io.vec2text.EmbeddingSpace;
import io.vec2text.InversionOptions;
import io.vec2text.Outcome;
import io.vec2text.onnx.Device;
import io.vec2text.onnx.Vec2Text;
import io.vec2text.search.IterativeInverter;
import io.vec2text.search.Search;
import io.vec2text.spi.Corrector;
import io.vec2text.spi.Decoding;
import io.vec2text.spi.VectorStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The published loop on a converted checkpoint, every correction of 32 tokens, to be held against
 * the Python package on the same weights and texts ({@code training/tools/package_speed.py}):
 * seconds a vector by the clock and of processor time, cosines, and the most memory that was
 * resident. Not a benchmark of JMH: a run is a process, so that its memory is its own; Linux only.
 *
 * <pre>{@code
 * java -cp vec2text-bench/target/benchmarks.jar io.vec2text.bench.PublishedLoop \
 *     PACKAGE TEXTS STEPSxBEAMS VECTORS-A-CALL THREADS
 * }</pre>
 */
public final class PublishedLoop {
  private static final int TOKENS = 32;
  private static final InversionOptions AMPLE =
      InversionOptions.builder().maxEmbeddings(1_000_000).build();

  private PublishedLoop() {}

  /** Runs the loop once to warm up, on the first call's vectors, and then on all. */
  public static void main(String[] args) throws IOException {
    checkArgument(
        args.length == 5, "usage: PublishedLoop PACKAGE TEXTS STEPSxBEAMS VECTORS-A-CALL THREADS");
    Search search = Search.parse("published:" + args[2]);
    int vectorsACall = Integer.parseInt(args[3]);
    try (Vec2Text models =
        Vec2Text.builder()
            .model(Path.of(args[0]))
            .device(Device.CPU)
            .threads(Integer.parseInt(args[4]))
            .open()) {
      List<float[]> targets =
          List.of(models.embedder().embed(Files.readAllLines(Path.of(args[1]))));
      System.out.println(run(models, search, targets, vectorsACall));
    }
  }

  static String run(Vec2Text models, Search search, List<float[]> targets, int vectorsACall)
      throws IOException {
    IterativeInverter inverter =
        IterativeInverter.builder(models.embedder(), new Forced(models.corrector()))
            .search(search)
            .maxConcurrentTargets(vectorsACall)
            .build();
    List<List<float[]>> calls = Lists.partition(targets, vectorsACall);
    inverter.invertAll(calls.get(0), AMPLE);
    long start = System.nanoTime();
    long startCpu = cpuNanos();
    double cosines = 0;
    for (List<float[]> call : calls) {
      for (Outcome outcome : inverter.invertAll(call, AMPLE)) {
        cosines += outcome.orThrow().cosine();
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpu = (cpuNanos() - startCpu) / 1e9;
    return String.format(
        Locale.ROOT,
        "%s, %d vectors, %d a call: %.3f s a vector (processor %.3f), mean cosine %.4f, at most"
            + " %,.0f MiB resident",
        search,
        targets.size(),
        vectorsACall,
        seconds / targets.size(),
        cpu / targets.size(),
        cosines / targets.size(),
        ProcessMemory.kib("VmHWM") / 1024.0);
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }

  /** Has every correction written in just so many tokens. */
  private record Forced(Corrector corrector) implements Corrector {
    @Override
    public EmbeddingSpace space() {
      return corrector.space();
    }

    @Override
    public List<List<Candidate>> correct(
        List<Request> requests, Decoding decoding, Cancellation cancellation) {
      boolean guess = requests.stream().allMatch(r -> r.hypothesis() == null);
      return corrector.correct(
          requests,
          guess ? decoding : new Decoding.Beam(decoding.count(), TOKENS, TOKENS),
          cancellation);
    }

    @Override
    public Optional<VectorStatistics> vectorStatistics() {
      return corrector.vectorStatistics();
    }
  }
}
